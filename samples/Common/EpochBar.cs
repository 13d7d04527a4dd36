using System.Diagnostics;
using System.Globalization;
using GraphGen;

namespace Samples;

/// <summary>
/// The line that an epoch shows while it runs: a bar, the mean loss, the accuracy, images a second. On a terminal it is
/// redrawn in place; in a file there is one line an epoch.
/// </summary>
internal sealed class EpochBar(int epoch, int images) : IDisposable
{
    private const int Cells = 24;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private double _lossSum;
    private int _done;
    private int _correct;
    private long _drawnAt;

    /// <summary>Counts a batch: its mean loss, and its logits against its labels.</summary>
    internal void Add(float loss, ReadOnlySpan<float> logits, ReadOnlySpan<int> labels)
    {
        _lossSum += (double)loss * labels.Length;
        _correct += Metrics.CorrectCount(logits, labels);
        _done += labels.Length;
        if (!Console.IsOutputRedirected && _clock.ElapsedMilliseconds - _drawnAt >= 50)
        {
            _drawnAt = _clock.ElapsedMilliseconds;
            Console.Write('\r' + Text());
        }
    }

    /// <summary>Draws the finished line.</summary>
    public void Dispose() => Console.WriteLine((Console.IsOutputRedirected ? string.Empty : "\r") + Text());

    private string Text()
    {
        int filled = images == 0 ? Cells : (int)((long)Cells * _done / images), counted = Math.Max(1, _done);
        return string.Create(CultureInfo.InvariantCulture, $"epoch {epoch,3} {new string('█', filled)}{new string('░', Cells - filled)} "
            + $"loss {_lossSum / counted:f4}  accuracy {(double)_correct / counted:p1}  {_done / _clock.Elapsed.TotalSeconds,7:f0} images/s");
    }
}
