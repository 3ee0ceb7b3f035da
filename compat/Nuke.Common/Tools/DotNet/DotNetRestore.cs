using Nuke.Common.Tooling;

namespace Nuke.Common.Tools.DotNet;

[Command(Type = typeof(DotNetTasks), Command = nameof(DotNetTasks.DotNetRestore), Arguments = "restore")]
public class DotNetRestoreSettings : ToolOptions
{
    [Argument(Format = "{value}", Position = 1)] public string ProjectFile => GetNamed<string>();
    [Argument(Format = "--configfile {value}")] public string ConfigFile => GetNamed<string>();
    [Argument(Format = "--runtime {value}")] public string Runtime => GetNamed<string>();
    [Argument(Format = "--verbosity {value}")] public DotNetVerbosity Verbosity => GetNamed<DotNetVerbosity>();
    [Argument(Format = "--ignore-failed-sources")] public bool? IgnoreFailedSources => GetNamed<bool?>();
    [Argument(Format = "--locked-mode")] public bool? LockedMode => GetNamed<bool?>();
    [Argument(Format = "--use-lock-file")] public bool? UseLockFile => GetNamed<bool?>();
    [Argument(Format = "--no-cache")] public bool? NoCache => GetNamed<bool?>();
    [Argument(Format = "--force")] public bool? Force => GetNamed<bool?>();
    [Argument(Format = "--packages {value}")] public string PackageDirectory => GetNamed<string>();
    [Argument(Format = "--source {value}")] public IReadOnlyList<string> Sources => GetNamed<IReadOnlyList<string>>();
    [Argument(Format = "--property:{key}={value}")]
    public IReadOnlyDictionary<string, object> Properties => GetNamed<IReadOnlyDictionary<string, object>>();
}

public static class DotNetRestoreSettingsExtensions
{
    public static T SetProjectFile<T>(this T o, string v)
        where T : DotNetRestoreSettings
        => o.With(nameof(o.ProjectFile), v);

    public static T SetConfigFile<T>(this T o, string v)
        where T : DotNetRestoreSettings
        => o.With(nameof(o.ConfigFile), v);

    public static T SetRuntime<T>(this T o, string v)
        where T : DotNetRestoreSettings
        => o.With(nameof(o.Runtime), v);

    public static T SetVerbosity<T>(this T o, DotNetVerbosity v)
        where T : DotNetRestoreSettings
        => o.With(nameof(o.Verbosity), v);

    public static T ResetVerbosity<T>(this T o)
        where T : DotNetRestoreSettings
        => o.With(nameof(o.Verbosity), null);

    public static T SetIgnoreFailedSources<T>(this T o, bool? v)
        where T : DotNetRestoreSettings
        => o.With(nameof(o.IgnoreFailedSources), v);

    public static T EnableIgnoreFailedSources<T>(this T o)
        where T : DotNetRestoreSettings
        => o.SetIgnoreFailedSources(true);

    public static T DisableIgnoreFailedSources<T>(this T o)
        where T : DotNetRestoreSettings
        => o.SetIgnoreFailedSources(false);

    public static T SetLockedMode<T>(this T o, bool? v)
        where T : DotNetRestoreSettings
        => o.With(nameof(o.LockedMode), v);

    public static T EnableLockedMode<T>(this T o)
        where T : DotNetRestoreSettings
        => o.SetLockedMode(true);

    public static T DisableLockedMode<T>(this T o)
        where T : DotNetRestoreSettings
        => o.SetLockedMode(false);

    public static T SetUseLockFile<T>(this T o, bool? v)
        where T : DotNetRestoreSettings
        => o.With(nameof(o.UseLockFile), v);

    public static T EnableUseLockFile<T>(this T o)
        where T : DotNetRestoreSettings
        => o.SetUseLockFile(true);

    public static T DisableUseLockFile<T>(this T o)
        where T : DotNetRestoreSettings
        => o.SetUseLockFile(false);

    public static T SetNoCache<T>(this T o, bool? v)
        where T : DotNetRestoreSettings
        => o.With(nameof(o.NoCache), v);

    public static T EnableNoCache<T>(this T o)
        where T : DotNetRestoreSettings
        => o.SetNoCache(true);

    public static T DisableNoCache<T>(this T o)
        where T : DotNetRestoreSettings
        => o.SetNoCache(false);

    public static T SetForce<T>(this T o, bool? v)
        where T : DotNetRestoreSettings
        => o.With(nameof(o.Force), v);

    public static T EnableForce<T>(this T o)
        where T : DotNetRestoreSettings
        => o.SetForce(true);

    public static T DisableForce<T>(this T o)
        where T : DotNetRestoreSettings
        => o.SetForce(false);

    public static T SetPackageDirectory<T>(this T o, string v)
        where T : DotNetRestoreSettings
        => o.With(nameof(o.PackageDirectory), v);

    public static T AddSources<T>(this T o, params string[] v)
        where T : DotNetRestoreSettings
        => o.WithItems(nameof(o.Sources), v);

    public static T AddSources<T>(this T o, IEnumerable<string> v)
        where T : DotNetRestoreSettings
        => o.WithItems(nameof(o.Sources), v);

    public static T SetProperty<T>(this T o, string k, object v)
        where T : DotNetRestoreSettings
        => o.WithPair(nameof(o.Properties), k, v);
}
