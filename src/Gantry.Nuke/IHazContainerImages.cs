using Gantry.Environments;

namespace Gantry.Nuke;

/// <summary>The images that a build creates and promotes together, as one release.</summary>
public interface IHazContainerImages : INukeBuild, IHazArtifacts
{
    /// <summary>The images, declared once: <c>[new("app") { Project = "src/App" }]</c>.</summary>
    IReadOnlyList<ContainerImage> Images { get; }
}
