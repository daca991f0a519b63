"""How well and how fast each person labels: judged against settled truth, added up once, corrected when the truth changes."""
