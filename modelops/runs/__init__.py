"""Training runs: started, stopped, gone on with; carried out stage by stage by a worker; told of while they go on; and what they cost."""
