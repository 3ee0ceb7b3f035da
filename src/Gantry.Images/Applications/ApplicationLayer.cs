namespace Gantry.Images.Applications;

/// <summary>A part of a published application that is a layer of its own. What seldom changes comes first.</summary>
public enum ApplicationLayer
{
    /// <summary>The runtime packs of a self-contained application; empty for one that uses the frameworks of its base image.</summary>
    Frameworks,

    /// <summary>NuGet packages, and assemblies that a project references as files.</summary>
    Packages,

    /// <summary>What the build compiles: assemblies of projects, their symbols, and the files with which .NET starts them.</summary>
    Assemblies,

    /// <summary>Everything else: settings, static files.</summary>
    Content,
}
