"""Work that takes long: jobs, processes beside the server, progress, memory."""
