"""The pure kernels: frames and arrays in, frames and arrays out, in square metres, without files or maps."""
