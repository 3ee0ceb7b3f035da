namespace Gantry.Notifications;

/// <summary>A message for people in a channel. Its texts can be of anyone: they are shown, and do nothing.</summary>
public sealed record NotificationMessage
{
    /// <summary>The title: <c>1.4.2 was promoted to prod</c>.</summary>
    public required string Title { get; init; }

    /// <summary>True for good news; false where a person should look.</summary>
    public required bool IsGood { get; init; }

    /// <summary>The details, each with its label.</summary>
    public IReadOnlyList<(string Label, string Value)> Facts { get; init; } = [];

    /// <summary>The page of the run; null when there is none.</summary>
    public string? RunUrl { get; init; }
}
