namespace Gantry.Images.Applications;

/// <summary>A part of a published application that is a layer of its own. What seldom changes comes first.</summary>
public enum ApplicationLayer
{
    /// <summary>
    /// What comes with the SDK: the host that starts the application, and the runtime packs of one that is self-contained.
    /// </summary>
    Frameworks,

    /// <summary>NuGet packages, and assemblies that a project references as files.</summary>
    Packages,

    /// <summary>What the build compiles: assemblies of projects, their symbols, and the files that list what they need.</summary>
    Assemblies,

    /// <summary>Everything else: settings, static files.</summary>
    Content,
}
