using Gantry.Nuke.Execution;
using Gantry.Nuke.Generation;
using Gantry.Nuke.Parameters;
using Gantry.Nuke.Versioning;

namespace Gantry.Nuke;

/// <summary>The version of the build: that of GitVersion or of the parameter. It is never guessed from an incomplete history.</summary>
public interface IHazReleaseVersion : INukeBuild
{
    /// <summary>The version to build, when git cannot or should not determine it: <c>1.4.2</c>.</summary>
    [Parameter("Version to build, when GitVersion cannot or should not determine it")]
    string? ReleaseVersion => TryGetValue(() => ReleaseVersion).NullIfWhiteSpace();

    /// <summary>The state of the sources in git.</summary>
    sealed SourceRevision Revision => this.Once(() => SourceRevision.Read(RootDirectory, DerivedFiles.Of(this)));

    /// <summary>
    /// The version: that of the parameter, else of a <c>[GitVersion]</c> member of the build class, else of GitVersion. Throws
    /// <c>GAN7006</c> without git, <c>GAN7007</c> in a shallow clone, and <c>GAN7008</c> when GitVersion fails.
    /// </summary>
    GitVersion BuildVersion => this.Once(DetermineVersion);

    private GitVersion DetermineVersion()
    {
        var version = ReleaseVersion is { } given ? ReleaseVersioning.FromParameter(given, Revision) : CountVersion();
        BuildOutput.Information($"Version {version.SemVer}");
        if (ReleaseVersion is null && Revision.UncommittedTree is not null)
            BuildOutput.Warning(
                $"The working copy has uncommitted changes ({Revision.DescribeUncommitted()}), so the version says 'dirty'");
        return version;
    }

    private GitVersion CountVersion()
    {
        ReleaseVersioning.EnsureCountable(Revision, RootDirectory);
        var counted = InjectedGitVersion.Find(this) ?? GitVersionProgram.Run(RootDirectory);
        return ReleaseVersioning.FromGitVersion(counted, Revision);
    }
}
