namespace Gantry.AzurePipelines.Generation;

/// <summary>The branches that a declaration names: a name, or the beginning of names with <c>*</c> at its end.</summary>
internal static class BranchPattern
{
    /// <summary>Finds out why a text is no branch that conditions can compare with; null when it is one.</summary>
    public static (string Reason, string Remedy)? Validate(string branch)
    {
        if (string.IsNullOrWhiteSpace(branch))
            return ("it has no name", "write a branch, or '*' for all");
        if (branch[..^1].Contains('*', StringComparison.Ordinal))
            return ("'*' is not at its end", "write a branch, with '*' only at its end");
        return branch.Contains('\'', StringComparison.Ordinal)
            ? ("it has a single quote, which ends the text of a condition", "rename the branch, or leave it out")
            : branch.Contains('?', StringComparison.Ordinal) ? OfGit('?') : ValidateFilter(branch);
    }

    /// <summary>
    /// Finds out why a text cannot be in the filter of a trigger, where <c>*</c> and <c>?</c> may be anywhere; null when it can.
    /// </summary>
    public static (string Reason, string Remedy)? ValidateFilter(string branch)
    {
        if (string.IsNullOrWhiteSpace(branch))
            return ("it has no name", "write a branch, or '*' for all");
        if (branch.Any(char.IsControl))
            return ("it has a control character", "write it without");
        if (branch.FirstOrDefault(IsForbidden) is not '\0' and var letter)
            return OfGit(letter);
        if (branch.Contains(']', StringComparison.Ordinal))
            return ("the service takes no ']' in a filter", "rename the branch, or leave it out");
        return branch.Split('/').Contains("")
            ? ("no branch of git has an empty part between '/'", "write it without the '/' at its start, at its end or beside another")
            : null;
    }

    /// <summary>True when some branch matches both patterns.</summary>
    public static bool Overlap(string a, string b) => Covers(a, b) || Covers(b, a);

    /// <summary>True when the first pattern matches every branch that the second one matches.</summary>
    public static bool Covers(string pattern, string other)
    {
        var (wide, narrow) = (ToReference(pattern), ToReference(other));
        return wide.EndsWith('*')
            ? narrow.TrimEnd('*').StartsWith(wide[..^1], StringComparison.Ordinal)
            : wide == narrow;
    }

    private static string ToReference(string branch) =>
        branch == "*" || branch.StartsWith("refs/", StringComparison.Ordinal) ? branch : "refs/heads/" + branch;

    private static (string Reason, string Remedy) OfGit(char letter) =>
        ($"no branch of git has the character '{letter}' in its name", "write it without");

    // What git does not allow in the name of a branch (git check-ref-format), without the wildcards of filters.
    private static bool IsForbidden(char letter) => char.IsWhiteSpace(letter) || letter is '~' or '^' or ':' or '[' or '\\';
}
