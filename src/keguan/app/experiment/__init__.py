"""The use cases 'experiment': a flat table of units with their arm is judged, and a test is designed."""
