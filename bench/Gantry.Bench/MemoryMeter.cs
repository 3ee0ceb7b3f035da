namespace Gantry.Bench;

/// <summary>
/// Measures the memory that a promotion needs, beside the registries of the simulation, which are in the same process and grow with what is
/// written.
/// </summary>
internal sealed class MemoryMeter
{
    private const int Interval = 20_000;

    private readonly long _before = GC.GetTotalMemory(forceFullCollection: true);
    private readonly List<(int Request, long Bytes)> _samples = [];
    private int _requests;

    /// <summary>Counts a request; looks at the memory now and then.</summary>
    public void Count()
    {
        if (_requests++ % Interval == 0)
            Sample();
    }

    /// <summary>Returns the most that was occupied since the last call.</summary>
    /// <param name="writes">True when the registries grew, by what is left in the end, which is taken as even.</param>
    public long TakePeak(bool writes)
    {
        Sample();
        var grown = writes ? (double)(_samples[^1].Bytes - _samples[0].Bytes) / _requests : 0;
        var peak = _samples.Max(sample => sample.Bytes - (long)(grown * sample.Request));
        _samples.Clear();
        _requests = 0;
        return peak;
    }

    private void Sample() => _samples.Add((_requests, GC.GetTotalMemory(forceFullCollection: true) - _before));
}
