using System.Text.Json.Serialization;

namespace Gantry.Promotion;

/// <summary>An approval that a person gave in the service which ran the promotion.</summary>
public sealed record RecordedApproval
{
    /// <summary>The person who approved.</summary>
    [JsonPropertyName("by"), JsonPropertyOrder(0)]
    public required string By { get; init; }

    /// <summary>The group that was asked, when the person approved on its behalf; null otherwise.</summary>
    [JsonPropertyName("group"), JsonPropertyOrder(1)]
    public string? Group { get; init; }

    /// <summary>The time of the approval, to the second; null when the service does not say.</summary>
    [JsonPropertyName("at"), JsonPropertyOrder(2)]
    public DateTimeOffset? At { get; init; }

    /// <summary>The comment of the person; null for none.</summary>
    [JsonPropertyName("comment"), JsonPropertyOrder(3)]
    public string? Comment { get; init; }

    /// <summary>Returns an approval as a service describes it: texts with a limited length, the time in UTC without fractions.</summary>
    /// <param name="by">The person who approved; not blank.</param>
    /// <param name="group">The group that was asked; null or blank for none.</param>
    /// <param name="at">The time; null when the service does not say.</param>
    /// <param name="comment">The comment; null or blank for none.</param>
    public static RecordedApproval Of(string by, string? group, DateTimeOffset? at, string? comment)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        return new RecordedApproval
        {
            By = Limit(by, Limits.ApproverNameLength)!,
            Group = Limit(group, Limits.ApproverNameLength),
            At = at is { } time ? new DateTimeOffset(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero) : null,
            Comment = Limit(comment, Limits.ApprovalCommentLength),
        };
    }

    /// <summary>Returns a line for people: <c>approved by Anna for [Contoso]\QA at 2026-01-02 03:04 UTC: looks good</c>.</summary>
    internal string Describe()
    {
        var group = Group is null ? "" : Format.Line($" for {Group}");
        var time = At is { } at ? $" at {Format.Time(at)}" : "";
        var comment = Comment is null ? "" : Format.Line($": {Comment}");
        return Format.Line($"approved by {By}") + group + time + comment;
    }

    // A record is read by programs that refuse half of a character.
    private static string? Limit(string? text, int limit)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (text.Length <= limit)
            return text;
        return text[..(char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : limit)] + "…";
    }
}
