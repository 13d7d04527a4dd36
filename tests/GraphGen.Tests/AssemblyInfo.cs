using Xunit;

// Generated models use every core by themselves, and some tests set the number of threads or count the bytes that the whole
// process allocates: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
