using Nuke.Common.Tooling;

namespace Nuke.Common.Tools.DotNet;

[Command(Type = typeof(DotNetTasks), Command = nameof(DotNetTasks.DotNetPublish), Arguments = "publish")]
public class DotNetPublishSettings : ToolOptions
{
    [Argument(Format = "{value}", Position = 1)] public string Project => GetNamed<string>();
    [Argument(Format = "--configuration {value}")] public string Configuration => GetNamed<string>();
    [Argument(Format = "--framework {value}")] public string Framework => GetNamed<string>();
    [Argument(Format = "--runtime {value}")] public string Runtime => GetNamed<string>();
    [Argument(Format = "--self-contained {value}")] public bool? SelfContained => GetNamed<bool?>();
    [Argument(Format = "--output {value}")] public string Output => GetNamed<string>();
    [Argument(Format = "--no-restore")] public bool? NoRestore => GetNamed<bool?>();
    [Argument(Format = "--no-build")] public bool? NoBuild => GetNamed<bool?>();
    [Argument(Format = "--nologo")] public bool? NoLogo => GetNamed<bool?>();
    [Argument(Format = "--version-suffix {value}")] public string VersionSuffix => GetNamed<string>();
    [Argument(Format = "--verbosity {value}")] public DotNetVerbosity Verbosity => GetNamed<DotNetVerbosity>();
    [Argument(Format = "--property:{key}={value}")]
    public IReadOnlyDictionary<string, object> Properties => GetNamed<IReadOnlyDictionary<string, object>>();
}

public static class DotNetPublishSettingsExtensions
{
    public static T SetProject<T>(this T o, string v)
        where T : DotNetPublishSettings
        => o.With(nameof(o.Project), v);

    public static T SetConfiguration<T>(this T o, string v)
        where T : DotNetPublishSettings
        => o.With(nameof(o.Configuration), v);

    public static T SetFramework<T>(this T o, string v)
        where T : DotNetPublishSettings
        => o.With(nameof(o.Framework), v);

    public static T SetRuntime<T>(this T o, string v)
        where T : DotNetPublishSettings
        => o.With(nameof(o.Runtime), v);

    public static T SetSelfContained<T>(this T o, bool? v)
        where T : DotNetPublishSettings
        => o.With(nameof(o.SelfContained), v);

    public static T EnableSelfContained<T>(this T o)
        where T : DotNetPublishSettings
        => o.SetSelfContained(true);

    public static T DisableSelfContained<T>(this T o)
        where T : DotNetPublishSettings
        => o.SetSelfContained(false);

    public static T SetOutput<T>(this T o, string v)
        where T : DotNetPublishSettings
        => o.With(nameof(o.Output), v);

    public static T SetNoRestore<T>(this T o, bool? v)
        where T : DotNetPublishSettings
        => o.With(nameof(o.NoRestore), v);

    public static T EnableNoRestore<T>(this T o)
        where T : DotNetPublishSettings
        => o.SetNoRestore(true);

    public static T DisableNoRestore<T>(this T o)
        where T : DotNetPublishSettings
        => o.SetNoRestore(false);

    public static T SetNoBuild<T>(this T o, bool? v)
        where T : DotNetPublishSettings
        => o.With(nameof(o.NoBuild), v);

    public static T EnableNoBuild<T>(this T o)
        where T : DotNetPublishSettings
        => o.SetNoBuild(true);

    public static T DisableNoBuild<T>(this T o)
        where T : DotNetPublishSettings
        => o.SetNoBuild(false);

    public static T SetNoLogo<T>(this T o, bool? v)
        where T : DotNetPublishSettings
        => o.With(nameof(o.NoLogo), v);

    public static T EnableNoLogo<T>(this T o)
        where T : DotNetPublishSettings
        => o.SetNoLogo(true);

    public static T DisableNoLogo<T>(this T o)
        where T : DotNetPublishSettings
        => o.SetNoLogo(false);

    public static T SetVersionSuffix<T>(this T o, string v)
        where T : DotNetPublishSettings
        => o.With(nameof(o.VersionSuffix), v);

    public static T SetVerbosity<T>(this T o, DotNetVerbosity v)
        where T : DotNetPublishSettings
        => o.With(nameof(o.Verbosity), v);

    public static T ResetVerbosity<T>(this T o)
        where T : DotNetPublishSettings
        => o.With(nameof(o.Verbosity), null);

    public static T SetProperty<T>(this T o, string k, object v)
        where T : DotNetPublishSettings
        => o.WithPair(nameof(o.Properties), k, v);

    public static T SetVersion<T>(this T o, string v)
        where T : DotNetPublishSettings
        => o.SetProperty("Version", v);

    public static T SetAssemblyVersion<T>(this T o, string v)
        where T : DotNetPublishSettings
        => o.SetProperty("AssemblyVersion", v);

    public static T SetFileVersion<T>(this T o, string v)
        where T : DotNetPublishSettings
        => o.SetProperty("FileVersion", v);

    public static T SetInformationalVersion<T>(this T o, string v)
        where T : DotNetPublishSettings
        => o.SetProperty("InformationalVersion", v);

    public static T SetRepositoryUrl<T>(this T o, string v)
        where T : DotNetPublishSettings
        => o.SetProperty("RepositoryUrl", v);

    public static T SetContinuousIntegrationBuild<T>(this T o, bool? v)
        where T : DotNetPublishSettings
        => o.SetProperty("ContinuousIntegrationBuild", v);

    public static T EnableContinuousIntegrationBuild<T>(this T o)
        where T : DotNetPublishSettings
        => o.SetContinuousIntegrationBuild(true);

    public static T DisableContinuousIntegrationBuild<T>(this T o)
        where T : DotNetPublishSettings
        => o.SetContinuousIntegrationBuild(false);

    public static T SetTreatWarningsAsErrors<T>(this T o, bool? v)
        where T : DotNetPublishSettings
        => o.SetProperty("TreatWarningsAsErrors", v);

    public static T EnableTreatWarningsAsErrors<T>(this T o)
        where T : DotNetPublishSettings
        => o.SetTreatWarningsAsErrors(true);

    public static T DisableTreatWarningsAsErrors<T>(this T o)
        where T : DotNetPublishSettings
        => o.SetTreatWarningsAsErrors(false);
}
