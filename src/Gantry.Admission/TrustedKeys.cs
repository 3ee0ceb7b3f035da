using Gantry.Signing;

namespace Gantry.Admission;

/// <summary>The keys that a cluster accepts.</summary>
internal static class TrustedKeys
{
    /// <summary>
    /// Returns the keys of a target, each once, in their order. A key that is revoked in one file is revoked in all: whoever has it can
    /// sign with any date.
    /// </summary>
    public static IReadOnlyList<TrustedKey> Of(AdmissionTarget target)
    {
        var revoked = target.Keys.Where(key => key.Revoked is not null).Select(key => key.Key).ToHashSet();
        return [.. target.Keys.Where(key => !revoked.Contains(key.Key)).DistinctBy(key => key.Key)];
    }
}
