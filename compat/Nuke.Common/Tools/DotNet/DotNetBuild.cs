using Nuke.Common.Tooling;

namespace Nuke.Common.Tools.DotNet;

[Command(Type = typeof(DotNetTasks), Command = nameof(DotNetTasks.DotNetBuild), Arguments = "build")]
public class DotNetBuildSettings : ToolOptions
{
    [Argument(Format = "{value}", Position = 1)] public string ProjectFile => GetNamed<string>();
    [Argument(Format = "--configuration {value}")] public string Configuration => GetNamed<string>();
    [Argument(Format = "--framework {value}")] public string Framework => GetNamed<string>();
    [Argument(Format = "--runtime {value}")] public string Runtime => GetNamed<string>();
    [Argument(Format = "--self-contained {value}")] public bool? SelfContained => GetNamed<bool?>();
    [Argument(Format = "--output {value}")] public string OutputDirectory => GetNamed<string>();
    [Argument(Format = "--no-restore")] public bool? NoRestore => GetNamed<bool?>();
    [Argument(Format = "--no-incremental")] public bool? NoIncremental => GetNamed<bool?>();
    [Argument(Format = "--no-dependencies")] public bool? NoDependencies => GetNamed<bool?>();
    [Argument(Format = "--nologo")] public bool? NoLogo => GetNamed<bool?>();
    [Argument(Format = "--version-suffix {value}")] public string VersionSuffix => GetNamed<string>();
    [Argument(Format = "--verbosity {value}")] public DotNetVerbosity Verbosity => GetNamed<DotNetVerbosity>();
    [Argument(Format = "-bl:{value}")] public string BinaryLog => GetNamed<string>();
    [Argument(Format = "/logger:{value}")] public IReadOnlyList<string> Loggers => GetNamed<IReadOnlyList<string>>();
    [Argument(Format = "--property:{key}={value}")]
    public IReadOnlyDictionary<string, object> Properties => GetNamed<IReadOnlyDictionary<string, object>>();
}

public static class DotNetBuildSettingsExtensions
{
    public static T SetProjectFile<T>(this T o, string v)
        where T : DotNetBuildSettings
        => o.With(nameof(o.ProjectFile), v);

    public static T SetConfiguration<T>(this T o, string v)
        where T : DotNetBuildSettings
        => o.With(nameof(o.Configuration), v);

    public static T SetFramework<T>(this T o, string v)
        where T : DotNetBuildSettings
        => o.With(nameof(o.Framework), v);

    public static T SetRuntime<T>(this T o, string v)
        where T : DotNetBuildSettings
        => o.With(nameof(o.Runtime), v);

    public static T SetSelfContained<T>(this T o, bool? v)
        where T : DotNetBuildSettings
        => o.With(nameof(o.SelfContained), v);

    public static T EnableSelfContained<T>(this T o)
        where T : DotNetBuildSettings
        => o.SetSelfContained(true);

    public static T DisableSelfContained<T>(this T o)
        where T : DotNetBuildSettings
        => o.SetSelfContained(false);

    public static T SetOutputDirectory<T>(this T o, string v)
        where T : DotNetBuildSettings
        => o.With(nameof(o.OutputDirectory), v);

    public static T SetNoRestore<T>(this T o, bool? v)
        where T : DotNetBuildSettings
        => o.With(nameof(o.NoRestore), v);

    public static T EnableNoRestore<T>(this T o)
        where T : DotNetBuildSettings
        => o.SetNoRestore(true);

    public static T DisableNoRestore<T>(this T o)
        where T : DotNetBuildSettings
        => o.SetNoRestore(false);

    public static T SetNoIncremental<T>(this T o, bool? v)
        where T : DotNetBuildSettings
        => o.With(nameof(o.NoIncremental), v);

    public static T EnableNoIncremental<T>(this T o)
        where T : DotNetBuildSettings
        => o.SetNoIncremental(true);

    public static T DisableNoIncremental<T>(this T o)
        where T : DotNetBuildSettings
        => o.SetNoIncremental(false);

    public static T SetNoDependencies<T>(this T o, bool? v)
        where T : DotNetBuildSettings
        => o.With(nameof(o.NoDependencies), v);

    public static T EnableNoDependencies<T>(this T o)
        where T : DotNetBuildSettings
        => o.SetNoDependencies(true);

    public static T DisableNoDependencies<T>(this T o)
        where T : DotNetBuildSettings
        => o.SetNoDependencies(false);

    public static T SetNoLogo<T>(this T o, bool? v)
        where T : DotNetBuildSettings
        => o.With(nameof(o.NoLogo), v);

    public static T EnableNoLogo<T>(this T o)
        where T : DotNetBuildSettings
        => o.SetNoLogo(true);

    public static T DisableNoLogo<T>(this T o)
        where T : DotNetBuildSettings
        => o.SetNoLogo(false);

    public static T SetVersionSuffix<T>(this T o, string v)
        where T : DotNetBuildSettings
        => o.With(nameof(o.VersionSuffix), v);

    public static T SetVerbosity<T>(this T o, DotNetVerbosity v)
        where T : DotNetBuildSettings
        => o.With(nameof(o.Verbosity), v);

    public static T ResetVerbosity<T>(this T o)
        where T : DotNetBuildSettings
        => o.With(nameof(o.Verbosity), null);

    public static T SetBinaryLog<T>(this T o, string v)
        where T : DotNetBuildSettings
        => o.With(nameof(o.BinaryLog), v);

    public static T AddLoggers<T>(this T o, params string[] v)
        where T : DotNetBuildSettings
        => o.WithItems(nameof(o.Loggers), v);

    public static T AddLoggers<T>(this T o, IEnumerable<string> v)
        where T : DotNetBuildSettings
        => o.WithItems(nameof(o.Loggers), v);

    public static T SetProperty<T>(this T o, string k, object v)
        where T : DotNetBuildSettings
        => o.WithPair(nameof(o.Properties), k, v);

    public static T SetVersion<T>(this T o, string v)
        where T : DotNetBuildSettings
        => o.SetProperty("Version", v);

    public static T SetAssemblyVersion<T>(this T o, string v)
        where T : DotNetBuildSettings
        => o.SetProperty("AssemblyVersion", v);

    public static T SetFileVersion<T>(this T o, string v)
        where T : DotNetBuildSettings
        => o.SetProperty("FileVersion", v);

    public static T SetInformationalVersion<T>(this T o, string v)
        where T : DotNetBuildSettings
        => o.SetProperty("InformationalVersion", v);

    public static T SetRepositoryUrl<T>(this T o, string v)
        where T : DotNetBuildSettings
        => o.SetProperty("RepositoryUrl", v);

    public static T SetContinuousIntegrationBuild<T>(this T o, bool? v)
        where T : DotNetBuildSettings
        => o.SetProperty("ContinuousIntegrationBuild", v);

    public static T EnableContinuousIntegrationBuild<T>(this T o)
        where T : DotNetBuildSettings
        => o.SetContinuousIntegrationBuild(true);

    public static T DisableContinuousIntegrationBuild<T>(this T o)
        where T : DotNetBuildSettings
        => o.SetContinuousIntegrationBuild(false);

    public static T SetTreatWarningsAsErrors<T>(this T o, bool? v)
        where T : DotNetBuildSettings
        => o.SetProperty("TreatWarningsAsErrors", v);

    public static T EnableTreatWarningsAsErrors<T>(this T o)
        where T : DotNetBuildSettings
        => o.SetTreatWarningsAsErrors(true);

    public static T DisableTreatWarningsAsErrors<T>(this T o)
        where T : DotNetBuildSettings
        => o.SetTreatWarningsAsErrors(false);
}
