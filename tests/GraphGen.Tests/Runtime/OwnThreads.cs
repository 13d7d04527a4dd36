using System.Runtime.ExceptionServices;

namespace GraphGen.Tests.Runtime;

/// <summary>Runs actions at the same time, each on a thread of its own.</summary>
internal static class OwnThreads
{
    /// <summary>Starts all and waits for all; the first exception of any is thrown.</summary>
    public static void Run(params Action[] actions)
    {
        using Barrier start = new(actions.Length);
        ExceptionDispatchInfo? failure = null;
        Thread[] threads = [.. actions.Select(action => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                action();
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        failure?.Throw();
    }
}
