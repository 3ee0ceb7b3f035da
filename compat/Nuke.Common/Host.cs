using System.ComponentModel;
using System.Globalization;
using Nuke.Common.CI.AzurePipelines;
using Nuke.Common.CI.GitHubActions;
using Nuke.Common.Execution;
using Nuke.Common.Execution.Theming;
using Nuke.Common.Utilities;
using Serilog.Sinks.SystemConsole.Themes;

namespace Nuke.Common;

/// <summary>Where the build runs, which decides how it talks.</summary>
[TypeConverter(typeof(TypeConverter))]
public partial class Host
{
    private protected Host() => Instance = this;

    internal static Host Instance { get; private set; }

    internal virtual HostTheme Theme => HostThemes.Default;

    // The most specific one that is running; a terminal is always there.
    internal static Host Default
    {
        get
        {
            if (AzurePipelines.IsRunningAzurePipelines)
                return new AzurePipelines();
            if (GitHubActions.IsRunningGitHubActions)
                return new GitHubActions();
            if (Rider.IsRunningRider)
                return new Rider();
            if (VSCode.IsRunningVSCode)
                return new VSCode();
            return VisualStudio.IsRunningVisualStudio ? new VisualStudio() : new Terminal();
        }
    }

    protected internal virtual void ReportWarning(string text, string details = null)
    {
    }

    protected internal virtual void ReportError(string text, string details = null)
    {
    }

    protected internal virtual bool FilterMessage(string message) => false;

    internal static void Success(string text = null) => CurrentTheme.WriteSuccess(text);
    internal static void Debug(string text = null) => CurrentTheme.Write(ConsoleThemeStyle.LevelDebug, text);
    internal static void Information(string text = null) => CurrentTheme.Write(ConsoleThemeStyle.LevelInformation, text);
    internal static void Warning(string text = null) => CurrentTheme.Write(ConsoleThemeStyle.LevelWarning, text);
    internal static void Error(string text = null) => CurrentTheme.Write(ConsoleThemeStyle.LevelError, text);

    private static HostTheme CurrentTheme => Instance?.Theme ?? HostThemes.Default;

    private sealed class TypeConverter : System.ComponentModel.TypeConverter
    {
        private static readonly Dictionary<string, Func<Host>> s_hosts = new(StringComparer.OrdinalIgnoreCase)
        {
            [nameof(AzurePipelines)] = () => new AzurePipelines(),
            [nameof(GitHubActions)] = () => new GitHubActions(),
            [nameof(Rider)] = () => new Rider(),
            [nameof(Terminal)] = () => new Terminal(),
            [nameof(VisualStudio)] = () => new VisualStudio(),
            [nameof(VSCode)] = () => new VSCode()
        };

        public override bool CanConvertFrom(ITypeDescriptorContext context, Type sourceType)
            => sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

        public override object ConvertFrom(ITypeDescriptorContext context, CultureInfo culture, object value)
        {
            if (value is not string name)
                return base.ConvertFrom(context, culture, value);

            return s_hosts.TryGetValue(name, out var create) ? create() : throw new InvalidChoiceException(s_hosts.Keys);
        }
    }
}
