using Gantry.Attestations;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Versioning;
using Gantry.Releases;

namespace Gantry.Nuke.Signing;

/// <summary>Describes how a release is signed: by which key, and what its provenance says of the build.</summary>
internal static class ReleaseSigner
{
    /// <summary>Returns the signing of a release; null when the base registry has no trusted key.</summary>
    /// <param name="revision">The sources.</param>
    /// <param name="root">The root of the repository.</param>
    /// <param name="keys">The keys of the build.</param>
    /// <param name="run">The run that the service confirmed; null when there is none.</param>
    public static ReleaseSigning? Of(SourceRevision revision, AbsolutePath root, SigningAccess keys, ConfirmedRun? run)
    {
        if (keys.Trust is not { } trust)
            return null;
        var branch = BuildRun.BranchOf(run) ?? revision.Branch;
        return new ReleaseSigning
        {
            Signer = keys.Signer ?? throw SigningKeyErrors.NoSigner(),
            Trust = trust,
            Builder = new Builder { Id = BuilderOf(run) },
            Source = revision.Source is { } source ? new BuildSource { Uri = "git+" + source, Ref = ReferenceOf(branch) } : null,
            Parameters = DotNetSdk.FindVersion(root) is { } sdk
                ? new SortedDictionary<string, string>(StringComparer.Ordinal) { ["dotnetSdk"] = sdk }
                : null,
        };
    }

    // https://dev.azure.com/contoso/shop/_build/results?buildId=1 is a run of https://dev.azure.com/contoso/shop.
    private static string BuilderOf(ConfirmedRun? run)
    {
        if (run?.Url is not { } url)
            return PredicateTypes.LocalBuilder;
        var end = url.IndexOf(run.IsInGitHub ? "/actions/" : "/_build", StringComparison.Ordinal);
        return end < 0 ? url : url[..end];
    }

    /// <summary>Returns the full name of a branch: <c>refs/heads/main</c>.</summary>
    public static string? ReferenceOf(string? branch) =>
        branch is null || branch.StartsWith("refs/", StringComparison.Ordinal) ? branch : "refs/heads/" + branch;
}
