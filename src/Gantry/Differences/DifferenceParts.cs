namespace Gantry.Differences;

/// <summary>The parts of a difference that are read. Each of them costs requests.</summary>
[Flags]
public enum DifferenceParts
{
    /// <summary>Nothing but the digests.</summary>
    None = 0,

    /// <summary>The commits, from a clone: no request.</summary>
    Commits = 1,

    /// <summary>The packages, from the SBOMs: three requests for each platform and side.</summary>
    Packages = 2,

    /// <summary>The base image; when it differs, two requests for each side, to find out by how much it is newer.</summary>
    BaseImage = 4,

    /// <summary>The layers and the size: one request for each platform and side.</summary>
    Layers = 8,

    /// <summary>The settings: one request for each platform and side besides that for its layers.</summary>
    Settings = 16,

    /// <summary>The files of the layers that differ, which are read completely.</summary>
    Files = 32,

    /// <summary>Everything but the files.</summary>
    All = Commits | Packages | BaseImage | Layers | Settings,
}
