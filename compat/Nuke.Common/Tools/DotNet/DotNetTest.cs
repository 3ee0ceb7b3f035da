using Nuke.Common.Tooling;

namespace Nuke.Common.Tools.DotNet;

[Command(Type = typeof(DotNetTasks), Command = nameof(DotNetTasks.DotNetTest), Arguments = "test")]
public class DotNetTestSettings : ToolOptions
{
    [Argument(Format = "{value}", Position = 1)] public string ProjectFile => GetNamed<string>();
    [Argument(Format = "--configuration {value}")] public string Configuration => GetNamed<string>();
    [Argument(Format = "--framework {value}")] public string Framework => GetNamed<string>();
    [Argument(Format = "--filter {value}")] public string Filter => GetNamed<string>();
    [Argument(Format = "--settings {value}")] public string SettingsFile => GetNamed<string>();
    [Argument(Format = "--results-directory {value}")] public string ResultsDirectory => GetNamed<string>();
    [Argument(Format = "--collect {value}")] public string DataCollector => GetNamed<string>();
    [Argument(Format = "--no-restore")] public bool? NoRestore => GetNamed<bool?>();
    [Argument(Format = "--no-build")] public bool? NoBuild => GetNamed<bool?>();
    [Argument(Format = "--nologo")] public bool? NoLogo => GetNamed<bool?>();
    [Argument(Format = "--blame-hang")] public bool? BlameHang => GetNamed<bool?>();
    [Argument(Format = "--blame-hang-timeout {value}")] public string BlameHangTimeout => GetNamed<string>();
    [Argument(Format = "--verbosity {value}")] public DotNetVerbosity Verbosity => GetNamed<DotNetVerbosity>();
    [Argument(Format = "--logger {value}")] public IReadOnlyList<string> Loggers => GetNamed<IReadOnlyList<string>>();
    [Argument(Format = "/property:{key}={value}")]
    public IReadOnlyDictionary<string, object> Properties => GetNamed<IReadOnlyDictionary<string, object>>();
    [Argument(Format = "-- {key}={value}", Position = -1, Separator = " ")]
    public IReadOnlyDictionary<string, object> RunSettings => GetNamed<IReadOnlyDictionary<string, object>>();
}

public static class DotNetTestSettingsExtensions
{
    public static T SetProjectFile<T>(this T o, string v)
        where T : DotNetTestSettings
        => o.With(nameof(o.ProjectFile), v);

    public static T SetConfiguration<T>(this T o, string v)
        where T : DotNetTestSettings
        => o.With(nameof(o.Configuration), v);

    public static T SetFramework<T>(this T o, string v)
        where T : DotNetTestSettings
        => o.With(nameof(o.Framework), v);

    public static T SetFilter<T>(this T o, string v)
        where T : DotNetTestSettings
        => o.With(nameof(o.Filter), v);

    public static T SetSettingsFile<T>(this T o, string v)
        where T : DotNetTestSettings
        => o.With(nameof(o.SettingsFile), v);

    public static T SetResultsDirectory<T>(this T o, string v)
        where T : DotNetTestSettings
        => o.With(nameof(o.ResultsDirectory), v);

    public static T SetDataCollector<T>(this T o, string v)
        where T : DotNetTestSettings
        => o.With(nameof(o.DataCollector), v);

    public static T SetNoRestore<T>(this T o, bool? v)
        where T : DotNetTestSettings
        => o.With(nameof(o.NoRestore), v);

    public static T EnableNoRestore<T>(this T o)
        where T : DotNetTestSettings
        => o.SetNoRestore(true);

    public static T DisableNoRestore<T>(this T o)
        where T : DotNetTestSettings
        => o.SetNoRestore(false);

    public static T SetNoBuild<T>(this T o, bool? v)
        where T : DotNetTestSettings
        => o.With(nameof(o.NoBuild), v);

    public static T EnableNoBuild<T>(this T o)
        where T : DotNetTestSettings
        => o.SetNoBuild(true);

    public static T DisableNoBuild<T>(this T o)
        where T : DotNetTestSettings
        => o.SetNoBuild(false);

    public static T SetNoLogo<T>(this T o, bool? v)
        where T : DotNetTestSettings
        => o.With(nameof(o.NoLogo), v);

    public static T EnableNoLogo<T>(this T o)
        where T : DotNetTestSettings
        => o.SetNoLogo(true);

    public static T DisableNoLogo<T>(this T o)
        where T : DotNetTestSettings
        => o.SetNoLogo(false);

    public static T SetBlameHang<T>(this T o, bool? v)
        where T : DotNetTestSettings
        => o.With(nameof(o.BlameHang), v);

    public static T EnableBlameHang<T>(this T o)
        where T : DotNetTestSettings
        => o.SetBlameHang(true);

    public static T DisableBlameHang<T>(this T o)
        where T : DotNetTestSettings
        => o.SetBlameHang(false);

    public static T SetBlameHangTimeout<T>(this T o, string v)
        where T : DotNetTestSettings
        => o.With(nameof(o.BlameHangTimeout), v);

    public static T SetVerbosity<T>(this T o, DotNetVerbosity v)
        where T : DotNetTestSettings
        => o.With(nameof(o.Verbosity), v);

    public static T ResetVerbosity<T>(this T o)
        where T : DotNetTestSettings
        => o.With(nameof(o.Verbosity), null);

    public static T AddLoggers<T>(this T o, params string[] v)
        where T : DotNetTestSettings
        => o.WithItems(nameof(o.Loggers), v);

    public static T AddLoggers<T>(this T o, IEnumerable<string> v)
        where T : DotNetTestSettings
        => o.WithItems(nameof(o.Loggers), v);

    public static T SetProperty<T>(this T o, string k, object v)
        where T : DotNetTestSettings
        => o.WithPair(nameof(o.Properties), k, v);

    public static T SetRunSetting<T>(this T o, string k, object v)
        where T : DotNetTestSettings
        => o.WithPair(nameof(o.RunSettings), k, v);

    public static T AddRunSetting<T>(this T o, string k, object v)
        where T : DotNetTestSettings
        => o.WithPair(nameof(o.RunSettings), k, v);
}
