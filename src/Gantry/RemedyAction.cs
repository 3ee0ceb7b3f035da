namespace Gantry;

/// <summary>The actions that remedies name, and that each front end offers in its own way: as a parameter, an option or a target.</summary>
public enum RemedyAction
{
    /// <summary>Moves a tag that exists with another digest, for a reason.</summary>
    MoveTag,

    /// <summary>Unlocks a tag in order to move it.</summary>
    UnlockTag,

    /// <summary>Overrides a soak time, for a reason.</summary>
    OverrideSoak,

    /// <summary>Goes back to an older release, for a reason.</summary>
    GoBack,

    /// <summary>Ends the hold of an environment, for a reason.</summary>
    EndHold,

    /// <summary>Names the release that an environment goes back to.</summary>
    NameReturn,

    /// <summary>Goes back to the release that was there before, for a reason.</summary>
    Return,

    /// <summary>Names an existing release by its version.</summary>
    NameRelease,

    /// <summary>Names an existing release by the digest of one of its images.</summary>
    NameReleaseByDigest,

    /// <summary>Publishes a release to the base registry.</summary>
    Publish,

    /// <summary>Builds an image with a Docker engine.</summary>
    BuildWithEngine,

    /// <summary>Builds an image without a Docker engine.</summary>
    BuildWithoutEngine,

    /// <summary>Copies images through this machine.</summary>
    CopyThroughThisMachine,

    /// <summary>Names the key that signs.</summary>
    NameSigningKey,

    /// <summary>Skips the checks that do not hold, for a reason, in an emergency.</summary>
    BreakGlass,

    /// <summary>Names the Azure resource of a registry.</summary>
    NameRegistryResource,
}
