"""Charts of the product: values in, drawable dataclasses out. Pure; the drawing itself is ``templates/modelops/charts/``.

    from modelops.charts import Caption, Datum, Event, Series, Unit, line_chart
    chart = line_chart(Caption("accuracy", "Accuracy", note="95 % intervals", csv=address, empty="Nothing was judged yet."),
                       [Series("Documents", [Datum(day, 0.98, low, high, n=120), Datum(next_day, None)])], Unit.SHARE,
                       events=[Event(day, "Model 4", href)], target=0.98)

In the template of the screen: ``<link rel="stylesheet" href="{% static 'modelops/charts.css' %}">`` and
``{% include "modelops/charts/figure.html" with chart=chart %}``: title, drawing (or why there is none), legend, the table behind it and
the link to the file. ``Caption.name`` is unique on a page. ``Datum.at`` is a date or a number (step); ``None`` values and days that are
missing are gaps. Also ``ranking``, ``reliability``, ``histogram``, ``share_columns``/``share_rows`` and, with ``sparkline.html``,
``sparkline``. Numbers are written by ``say``; axes are those of ``mlcore.axes``. Colours, signs and dashes go by the place of a series.
"""

from modelops.charts.histogram import Bin, Histogram, histogram
from modelops.charts.line_data import Datum, Event, Series
from modelops.charts.lines import LineChart, line_chart
from modelops.charts.parts import Caption, Cell, Table, table
from modelops.charts.ranking import Rank, RankingChart, ranking
from modelops.charts.reliability import Promise, ReliabilityChart, expected_error, reliability
from modelops.charts.shares import SharesChart, Whole, share_columns, share_rows
from modelops.charts.sparkline import Sparkline, sparkline
from modelops.charts.units import Unit, say, say_between, say_day, say_short

__all__ = [
    "Bin",
    "Caption",
    "Cell",
    "Datum",
    "Event",
    "Histogram",
    "LineChart",
    "Promise",
    "Rank",
    "RankingChart",
    "ReliabilityChart",
    "Series",
    "SharesChart",
    "Sparkline",
    "Table",
    "Unit",
    "Whole",
    "expected_error",
    "histogram",
    "line_chart",
    "ranking",
    "reliability",
    "say",
    "say_between",
    "say_day",
    "say_short",
    "share_columns",
    "share_rows",
    "sparkline",
    "table",
]
