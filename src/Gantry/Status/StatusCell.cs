using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;

namespace Gantry.Status;

/// <summary>One image in one registry of an environment.</summary>
public sealed record StatusCell
{
    /// <summary>The name of the image.</summary>
    public required string Image { get; init; }

    /// <summary>The registry.</summary>
    public required PromotionTarget Target { get; init; }

    /// <summary>The version of the current release; null when none is there, or none could be read.</summary>
    public string? Version { get; init; }

    /// <summary>The digest that the tag of the release points to; null when there is none.</summary>
    public Digest? Digest { get; init; }

    /// <summary>The time since which the release is there; null without a promotion record.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>
    /// The promotion of another release that followed; null for the current release. Only where one release was asked for.
    /// </summary>
    public RecordedPromotion? Superseded { get; init; }

    /// <summary>The commit of the release: a full hash; null when it is not known.</summary>
    public string? Commit { get; init; }

    /// <summary>The first line of the message of the commit; null without a clone that has it.</summary>
    public string? Subject { get; init; }

    /// <summary>The address of the run that built the release, or the name of the builder; null when it is not known.</summary>
    public string? Build { get; init; }

    /// <summary>The promotion since which the release is there; null when none is recorded.</summary>
    public PromotionRecord? Promotion { get; init; }

    /// <summary>The state of the signature of that promotion.</summary>
    public SignatureState Signature { get; init; }

    /// <summary>The number of releases of the environment before that followed this one; null when it is not known.</summary>
    public int? Behind { get; init; }

    /// <summary>What a person should look at.</summary>
    public IReadOnlyList<StatusMark> Marks { get; init; } = [];
}

/// <summary>The state of the signature of a promotion.</summary>
public enum SignatureState
{
    /// <summary>There is no promotion to sign.</summary>
    None,

    /// <summary>The promotion is recorded and not signed: the environment has no key.</summary>
    Unsigned,

    /// <summary>A key of the environment has signed the promotion.</summary>
    Signed,

    /// <summary>There is an attestation, and none that counts.</summary>
    Invalid,
}
