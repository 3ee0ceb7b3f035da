namespace Gantry.AzurePipelines;

/// <summary>The way in which images get from the build to the promotions.</summary>
public enum ImageTransport
{
    /// <summary>Through the base registry.</summary>
    BaseRegistry,

    /// <summary>As an OCI image layout in an artifact of the run; no base registry is needed.</summary>
    Artifact,

    /// <summary>Both: promotions use the artifact, and the base registry keeps the release for later.</summary>
    Both,
}
