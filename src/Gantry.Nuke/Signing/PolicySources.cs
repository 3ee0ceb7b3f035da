using Gantry.Nuke.Versioning;
using Gantry.Promotion;

namespace Gantry.Nuke.Signing;

/// <summary>Describes the sources of a build for attestations.</summary>
internal static class PolicySources
{
    /// <summary>Returns the sources that declare the environments; null when their repository is not on the network.</summary>
    public static PolicySource? Of(SourceRevision revision)
    {
        if (revision is not { Source: { } source, Commit: { } commit })
            return null;

        // Of a changed declaration, the commit says nothing.
        return revision.UncommittedTree is null && revision.UncommittedProblem is null
            ? new PolicySource($"git+{source}@{commit}", commit)
            : new PolicySource($"git+{source}", Commit: null);
    }
}
