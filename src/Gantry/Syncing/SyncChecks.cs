using Gantry.Checks;

namespace Gantry.Syncing;

/// <summary>Makes checks of a run: each image at each target is one.</summary>
public static class SyncChecks
{
    /// <summary>Returns the checks.</summary>
    /// <param name="result">The result.</param>
    public static CheckReport Of(SyncResult result) => new(
        "sync",
        [
            .. result.Items.Select(item => item.Error is { } error
                ? Check.Of(item.Source, item.Target, error) with { Line = item.Line }
                : new Check(item.Source, item.Target, CheckState.Passed) { Message = Describe(item), Line = item.Line }),
            .. result.Warnings.Select((warning, number) => Check.Of(result.File, $"warning {number + 1}", warning, CheckState.Warning)),
        ])
    {
        File = result.File,
    };

    private static string Describe(SyncItem item) => item.State switch
    {
        SyncState.Copied => $"copied {item.Digest}",
        SyncState.WouldCopy => $"would copy {item.Digest}, {Format.Bytes(item.Bytes)}",
        _ => $"has {item.Digest}",
    };
}
