using Gantry.Oci;
using Gantry.Releases;

namespace Gantry.Nuke.Rebuilding;

/// <summary>What a release records of its own build: all that is needed to build it again.</summary>
internal sealed record RecordedBuild
{
    /// <summary>The release.</summary>
    public required Release Release { get; init; }

    /// <summary>The versions of the .NET SDK that the provenance names: usually one. Empty when it is not recorded.</summary>
    public required IReadOnlyList<string> Sdks { get; init; }

    /// <summary>The base images, with their tags and digests.</summary>
    public required IReadOnlyList<ImageReference> BaseImages { get; init; }

    /// <summary>The time of everything in the images; null when it is not recorded.</summary>
    public required DateTimeOffset? Created { get; init; }

    /// <summary>The address of the sources that is recorded in the images; null when there is none.</summary>
    public required string? Source { get; init; }

    /// <summary>True when a trusted key has signed the provenance of every image.</summary>
    public required bool IsVerified { get; init; }
}
