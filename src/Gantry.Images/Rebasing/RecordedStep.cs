using Gantry.Images.Configuration;

namespace Gantry.Images.Rebasing;

/// <summary>An instruction of a Dockerfile as the history of an image has it: with all variables expanded.</summary>
/// <param name="Keyword">The instruction: <c>COPY</c>.</param>
/// <param name="Arguments">Everything after it.</param>
/// <param name="HasLayer">True when it has created a layer.</param>
internal sealed record RecordedStep(string Keyword, string Arguments, bool HasLayer)
{
    /// <summary>Reads an entry of the history; returns null when the builder here has not written it.</summary>
    public static RecordedStep? TryRead(HistoryEntry entry)
    {
        if (entry.Comment != ImageHistory.BuiltBy || entry.CreatedBy is not { } text || text.Split(' ', 2) is not [var keyword, var rest])
            return null;
        var hasLayer = entry.EmptyLayer is not true;
        var known = keyword switch
        {
            "COPY" => hasLayer,
            "WORKDIR" => true,
            "ENV" or "LABEL" or "USER" or "EXPOSE" or "VOLUME" or "STOPSIGNAL" or "ENTRYPOINT" or "CMD" => !hasLayer,
            _ => false,
        };
        return known ? new RecordedStep(keyword, rest, hasLayer) : null;
    }

    /// <summary>Returns true when an ENV or LABEL may have set a name. Values are not quoted, so it may also be part of one.</summary>
    public bool MayName(string keyword, string name) =>
        Keyword == keyword && Arguments.Contains(name + "=", StringComparison.Ordinal);

    /// <summary>The destination of a COPY or WORKDIR, as it is written: the last word.</summary>
    public string Destination => Keyword == "WORKDIR" ? Arguments : Arguments[(Arguments.LastIndexOf(' ') + 1)..];

    /// <summary>The owner that a COPY names; null when it names none.</summary>
    public string? Owner
    {
        get
        {
            const string Flag = "--chown=";
            return Keyword == "COPY" && Arguments.StartsWith(Flag, StringComparison.Ordinal)
                ? Arguments[Flag.Length..].Split(' ')[0]
                : null;
        }
    }
}
