using GraphGen.Resume;

// Checkpoints under kill -9.
//
//   train [CHECKPOINT]            trains, from the checkpoint if it is there, and prints a hash of the final parameters
//   kill [--times N] [--seed S]   starts, kills and resumes such runs until N kills (200) have hit; exit code 1 if one does not
//                                 resume, or ends with other parameters than the run that was never stopped
switch (args)
{
    case ["train"]:
        Console.WriteLine(TrainingRun.ToTheEnd(checkpoint: null));
        return 0;
    case ["train", var checkpoint]:
        Console.WriteLine(TrainingRun.ToTheEnd(checkpoint));
        return 0;
    case ["kill", .. var options] when KillTest.TryParse(options, out int times, out int seed):
        return new KillTest(seed).Run(times) ? 0 : 1;
    default:
        Console.Error.WriteLine("usage: GraphGen.Resume train [CHECKPOINT] | kill [--times N] [--seed S]");
        return 2;
}
