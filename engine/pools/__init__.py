"""Jobs done by several processes, on this machine or many: for experiments and for the analysis of recordings."""
