namespace Gantry.Registries.Remote;

/// <summary>The permission that a request needs: <c>repository:team/app:pull,push</c>.</summary>
/// <seealso href="https://distribution.github.io/distribution/spec/auth/scope/">Token scope documentation</seealso>
internal sealed record TokenScope(string Resource, IReadOnlySet<string> Actions)
{
    public static TokenScope Pull(string repository) => new($"repository:{repository}", new HashSet<string> { "pull" });

    public static TokenScope PullPush(string repository) => new($"repository:{repository}", new HashSet<string> { "pull", "push" });

    public static TokenScope Delete(string repository) => new($"repository:{repository}", new HashSet<string> { "delete", "pull" });

    /// <summary>Parses the scopes of a challenge, separated by spaces. Malformed ones are skipped.</summary>
    public static IEnumerable<TokenScope> Parse(string text)
    {
        foreach (var part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = part.LastIndexOf(':');
            if (colon > 0 && colon < part.Length - 1)
                yield return new TokenScope(
                    part[..colon], part[(colon + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries).ToHashSet());
        }
    }

    /// <summary>Merges scopes, so that each resource appears once.</summary>
    public static IReadOnlyList<TokenScope> Merge(IEnumerable<TokenScope> scopes) =>
        [.. scopes.GroupBy(scope => scope.Resource).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new TokenScope(group.Key, group.SelectMany(scope => scope.Actions).ToHashSet()))];

    /// <summary>Returns true when a token for these scopes covers the requested ones.</summary>
    public static bool Covers(IReadOnlyList<TokenScope> granted, IReadOnlyList<TokenScope> asked) =>
        asked.All(need => granted.Any(has => has.Resource == need.Resource && need.Actions.IsSubsetOf(has.Actions)));

    public override string ToString() => $"{Resource}:{string.Join(',', Actions.Order(StringComparer.Ordinal))}";
}
