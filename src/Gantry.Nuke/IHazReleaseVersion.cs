using Gantry.Nuke.Generation;
using Gantry.Nuke.Versioning;
using Serilog;

namespace Gantry.Nuke;

/// <summary>
/// The version of what is built: GitVersion's, or the one that is given; never one that was guessed from missing history.
/// </summary>
public interface IHazReleaseVersion : INukeBuild
{
    /// <summary>The version to build, where git cannot tell it or shall not: <c>1.4.2</c>.</summary>
    [Parameter("Version of what is built, where GitVersion cannot or shall not tell it")]
    string? ReleaseVersion => TryGetValue(() => ReleaseVersion);

    /// <summary>What git says of the sources.</summary>
    sealed SourceRevision Revision => this.Once(() => SourceRevision.Read(RootDirectory, DerivedFiles.Of(this)));

    /// <summary>
    /// The version: the parameter's, else that of a <c>[GitVersion]</c> member of the build class, else GitVersion's. <c>GAN7006</c> without git,
    /// <c>GAN7007</c> in a shallow clone, <c>GAN7008</c> when GitVersion fails.
    /// </summary>
    GitVersion BuildVersion => this.Once(DetermineVersion);

    private GitVersion DetermineVersion()
    {
        var version = ReleaseVersion is { } given ? ReleaseVersioning.FromParameter(given, Revision) : CountVersion();
        Log.Information("Version {Version}", version.SemVer);
        if (ReleaseVersion is null && Revision.UncommittedTree is not null)
            Log.Warning("The working copy has uncommitted changes ({Files:l}), so the version says 'dirty'", Revision.DescribeUncommitted());
        return version;
    }

    private GitVersion CountVersion()
    {
        ReleaseVersioning.EnsureCountable(Revision, RootDirectory);
        var counted = InjectedGitVersion.Find(this) ?? GitVersionProgram.Run(RootDirectory);
        return ReleaseVersioning.FromGitVersion(counted, Revision);
    }
}
