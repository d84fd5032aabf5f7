"""The use case 'audience': customers of a segment who may be contacted, some held out by lot, frozen in the workspace."""
