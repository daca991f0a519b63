"""What is checked before a change is accepted: ``scripts/test --all`` checks all of it, ``scripts/test`` what shows most faults in
minutes, ``scripts/check`` the part of that which needs no server and no browser."""
