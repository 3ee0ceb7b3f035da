namespace Gantry.Pruning;

/// <summary>The rules by which releases are kept although no environment has them any more.</summary>
public sealed record PruningRules
{
    /// <summary>
    /// The number of releases that each registry of an environment keeps: those that were promoted to it last, by its records, and in the
    /// base registry those that were published last. 10 by default; at least 1.
    /// </summary>
    public int Keep { get; init; } = 10;

    /// <summary>
    /// The time for which everything is kept after it was published, promoted or written, as far as that is known. 30 days by default.
    /// </summary>
    public TimeSpan MinimumAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// The time after which nothing is in progress any more: what was written or promoted since is kept, whatever the other rules are. One
    /// hour by default.
    /// </summary>
    public TimeSpan InProgress { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// The tags whose releases are kept, as patterns: <c>*</c> for any characters, <c>?</c> for one (<c>2.*</c>). None by default.
    /// </summary>
    public IReadOnlyList<string> KeepTags { get; init; } = [];

    /// <summary>
    /// The environments to which nothing may have been promoted yet. Otherwise that is an error, because the address may be wrong. None by
    /// default.
    /// </summary>
    public IReadOnlyList<string> MayBeEmpty { get; init; } = [];

    /// <summary>
    /// True to keep only what something needs: an environment, its rollback, a hold, a host, a lock, a promotion in progress. An image that
    /// is merely young, new or under another tag is not kept.
    /// </summary>
    internal bool KeepsOnlyNeeded { get; init; }

    /// <summary>Throws <c>GAN4701</c> when a rule cannot be used.</summary>
    public void Validate()
    {
        if (Keep is < 1 or > 100_000)
            throw PruningErrors.UnusableRule($"{Format.Count(Keep, "release")} cannot be kept", "keep at least 1, and at most 100000");
        if (MinimumAge < TimeSpan.Zero || InProgress < TimeSpan.Zero)
            throw PruningErrors.UnusableRule("an age is less than 0", "name a number of days from 0 on");
        if (KeepTags.FirstOrDefault(pattern => !TagPattern.IsPattern(pattern)) is { } unusable)
            throw PruningErrors.UnusableRule(
                $"'{unusable}' is no pattern of tags", "write letters, digits, '.', '_', '-', with * for any characters and ? for one");
    }
}

/// <summary>Compares tags with patterns.</summary>
internal static class TagPattern
{
    /// <summary>Returns true when the text can match a tag.</summary>
    public static bool IsPattern(string text) =>
        text.Length is > 0 and <= 128 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '*' or '?');

    /// <summary>Returns true when a tag matches a pattern: <c>*</c> matches any characters, <c>?</c> one.</summary>
    public static bool Matches(string pattern, string tag)
    {
        var (at, position) = (0, 0);
        var (star, mark) = (-1, 0);
        while (position < tag.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, mark) = (at++, position);
            }
            else if (at < pattern.Length && (pattern[at] == '?' || pattern[at] == tag[position]))
            {
                at++;
                position++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                position = ++mark;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(at).TrimStart('*').IsEmpty;
    }
}
