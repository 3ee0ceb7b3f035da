using Nuke.Common.Tooling;

namespace Nuke.Common.Tools.DotNet;

[Command(Type = typeof(DotNetTasks), Command = nameof(DotNetTasks.DotNetPack), Arguments = "pack")]
public class DotNetPackSettings : ToolOptions
{
    [Argument(Format = "{value}", Position = 1)] public string Project => GetNamed<string>();
    [Argument(Format = "--configuration {value}")] public string Configuration => GetNamed<string>();
    [Argument(Format = "--output {value}")] public string OutputDirectory => GetNamed<string>();
    [Argument(Format = "--no-restore")] public bool? NoRestore => GetNamed<bool?>();
    [Argument(Format = "--no-build")] public bool? NoBuild => GetNamed<bool?>();
    [Argument(Format = "--nologo")] public bool? NoLogo => GetNamed<bool?>();
    [Argument(Format = "--include-symbols")] public bool? IncludeSymbols => GetNamed<bool?>();
    [Argument(Format = "--version-suffix {value}")] public string VersionSuffix => GetNamed<string>();
    [Argument(Format = "--verbosity {value}")] public DotNetVerbosity Verbosity => GetNamed<DotNetVerbosity>();
    [Argument(Format = "--property:{key}={value}")]
    public IReadOnlyDictionary<string, object> Properties => GetNamed<IReadOnlyDictionary<string, object>>();
}

public static class DotNetPackSettingsExtensions
{
    public static T SetProject<T>(this T o, string v)
        where T : DotNetPackSettings
        => o.With(nameof(o.Project), v);

    public static T SetConfiguration<T>(this T o, string v)
        where T : DotNetPackSettings
        => o.With(nameof(o.Configuration), v);

    public static T SetOutputDirectory<T>(this T o, string v)
        where T : DotNetPackSettings
        => o.With(nameof(o.OutputDirectory), v);

    public static T SetNoRestore<T>(this T o, bool? v)
        where T : DotNetPackSettings
        => o.With(nameof(o.NoRestore), v);

    public static T EnableNoRestore<T>(this T o)
        where T : DotNetPackSettings
        => o.SetNoRestore(true);

    public static T DisableNoRestore<T>(this T o)
        where T : DotNetPackSettings
        => o.SetNoRestore(false);

    public static T SetNoBuild<T>(this T o, bool? v)
        where T : DotNetPackSettings
        => o.With(nameof(o.NoBuild), v);

    public static T EnableNoBuild<T>(this T o)
        where T : DotNetPackSettings
        => o.SetNoBuild(true);

    public static T DisableNoBuild<T>(this T o)
        where T : DotNetPackSettings
        => o.SetNoBuild(false);

    public static T SetNoLogo<T>(this T o, bool? v)
        where T : DotNetPackSettings
        => o.With(nameof(o.NoLogo), v);

    public static T EnableNoLogo<T>(this T o)
        where T : DotNetPackSettings
        => o.SetNoLogo(true);

    public static T DisableNoLogo<T>(this T o)
        where T : DotNetPackSettings
        => o.SetNoLogo(false);

    public static T SetIncludeSymbols<T>(this T o, bool? v)
        where T : DotNetPackSettings
        => o.With(nameof(o.IncludeSymbols), v);

    public static T EnableIncludeSymbols<T>(this T o)
        where T : DotNetPackSettings
        => o.SetIncludeSymbols(true);

    public static T DisableIncludeSymbols<T>(this T o)
        where T : DotNetPackSettings
        => o.SetIncludeSymbols(false);

    public static T SetVersionSuffix<T>(this T o, string v)
        where T : DotNetPackSettings
        => o.With(nameof(o.VersionSuffix), v);

    public static T SetVerbosity<T>(this T o, DotNetVerbosity v)
        where T : DotNetPackSettings
        => o.With(nameof(o.Verbosity), v);

    public static T ResetVerbosity<T>(this T o)
        where T : DotNetPackSettings
        => o.With(nameof(o.Verbosity), null);

    public static T SetProperty<T>(this T o, string k, object v)
        where T : DotNetPackSettings
        => o.WithPair(nameof(o.Properties), k, v);

    public static T SetVersion<T>(this T o, string v)
        where T : DotNetPackSettings
        => o.SetProperty("Version", v);

    public static T SetAssemblyVersion<T>(this T o, string v)
        where T : DotNetPackSettings
        => o.SetProperty("AssemblyVersion", v);

    public static T SetFileVersion<T>(this T o, string v)
        where T : DotNetPackSettings
        => o.SetProperty("FileVersion", v);

    public static T SetInformationalVersion<T>(this T o, string v)
        where T : DotNetPackSettings
        => o.SetProperty("InformationalVersion", v);

    public static T SetRepositoryUrl<T>(this T o, string v)
        where T : DotNetPackSettings
        => o.SetProperty("RepositoryUrl", v);

    public static T SetContinuousIntegrationBuild<T>(this T o, bool? v)
        where T : DotNetPackSettings
        => o.SetProperty("ContinuousIntegrationBuild", v);

    public static T EnableContinuousIntegrationBuild<T>(this T o)
        where T : DotNetPackSettings
        => o.SetContinuousIntegrationBuild(true);

    public static T DisableContinuousIntegrationBuild<T>(this T o)
        where T : DotNetPackSettings
        => o.SetContinuousIntegrationBuild(false);

    public static T SetTreatWarningsAsErrors<T>(this T o, bool? v)
        where T : DotNetPackSettings
        => o.SetProperty("TreatWarningsAsErrors", v);

    public static T EnableTreatWarningsAsErrors<T>(this T o)
        where T : DotNetPackSettings
        => o.SetTreatWarningsAsErrors(true);

    public static T DisableTreatWarningsAsErrors<T>(this T o)
        where T : DotNetPackSettings
        => o.SetTreatWarningsAsErrors(false);
}
