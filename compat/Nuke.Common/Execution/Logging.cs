using Nuke.Common.CI;
using Nuke.Common.IO;
using Nuke.Common.Utilities;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;
using Serilog.Parsing;

namespace Nuke.Common.Execution;

public static class Logging
{
    private const string OutputTemplate = "[{Level:u3}] {Message:l}{NewLine}{Exception}";
    private const string TimestampOutputTemplate = "{Timestamp:HH:mm:ss} " + OutputTemplate;
    private const int TargetNameLength = 20;
    private const int KeptLogFiles = 5;

    public static readonly LoggingLevelSwitch LevelSwitch = new(LogEventLevel.Debug);

    private static string s_target = string.Empty;

    public static LogLevel Level
    {
        get => LevelSwitch.MinimumLevel switch
        {
            LogEventLevel.Verbose => LogLevel.Trace,
            LogEventLevel.Warning => LogLevel.Warning,
            LogEventLevel.Error => LogLevel.Error,
            _ => LogLevel.Normal
        };
        set => LevelSwitch.MinimumLevel = value switch
        {
            LogLevel.Trace => LogEventLevel.Verbose,
            LogLevel.Warning => LogEventLevel.Warning,
            LogLevel.Error => LogEventLevel.Error,
            _ => LogEventLevel.Debug
        };
    }

    public static void Configure(INukeBuild build = null)
    {
        var configuration = new LoggerConfiguration().MinimumLevel.Verbose().Enrich.With<TargetEnricher>();
        if (build is NukeBuild nukeBuild)
        {
            var host = build.Host;
            configuration
                .Filter.ByExcluding(x => host.FilterMessage(x.MessageTemplate.Text))
                .WriteTo.Sink(new HostSink(host), LogEventLevel.Warning)
                .WriteTo.Sink(InMemorySink.Instance, LogEventLevel.Warning)
                .WriteTo.Console(
                    outputTemplate: nukeBuild.IsOutputEnabled(DefaultOutput.Timestamps) ? TimestampOutputTemplate : OutputTemplate,
                    theme: host.Theme.ConsoleTheme,
                    applyThemeToRedirectedOutput: true,
                    levelSwitch: LevelSwitch);
            // A child that only generates would cut off the file of the build that started it.
            if (build.IsLocalBuild && !BuildServerConfigurationGeneration.IsActive)
                ConfigureFile(configuration, build.TemporaryDirectory);
        }
        else
        {
            configuration.WriteTo.Console(outputTemplate: OutputTemplate, levelSwitch: LevelSwitch);
        }

        Log.Logger = configuration.CreateLogger();
    }

    /// <summary>Logs a line of a tool's output as it is: whatever is in braces stands for nothing else.</summary>
    internal static void WriteToolOutput(LogEventLevel level, string text)
        => Log.Write(new LogEvent(DateTimeOffset.Now, level, null, new MessageTemplate(text, [new TextToken(text)]), []));

    public static IDisposable SetTarget(string name)
    {
        var previous = s_target;
        s_target = name[..Math.Min(name.Length, TargetNameLength)];
        return DelegateDisposable.CreateBracket(cleanup: () => s_target = previous);
    }

    private static void ConfigureFile(LoggerConfiguration configuration, AbsolutePath directory)
    {
        foreach (var old in Directory.GetFiles(directory, "build.*.log").OrderDescending(StringComparer.Ordinal).Skip(KeptLogFiles - 1))
            File.Delete(old);

        // The log of the latest run begins empty; like NUKE, a run fails here while another one writes to it.
        var latest = directory / "build.log";
        if (File.Exists(latest))
            File.WriteAllText(latest, "");
        configuration.WriteTo.File(
            latest,
            outputTemplate: "{Timestamp:HH:mm:ss.fff} | {Level:u1} | {ExecutingTarget,-20} | {Message:l}{NewLine}{Exception}");
        configuration.WriteTo.File(
            directory / $"build.{DateTime.Now:yyyy-MM-dd_HH-mm-ss}.log",
            outputTemplate: "{Timestamp:HH:mm:ss.fff} | {Level:u1} | {ExecutingTarget,-20} | {Message:l}{NewLine}{Exception}");
    }

    /// <summary>The warnings and errors so far, for the end of the build.</summary>
    public class InMemorySink : ILogEventSink, IDisposable
    {
        private readonly List<LogEvent> _events = [];

        private InMemorySink()
        {
        }

        public static InMemorySink Instance { get; } = new();

        public IReadOnlyCollection<LogEvent> LogEvents
        {
            get
            {
                lock (_events)
                    return [.. _events];
            }
        }

        public void Emit(LogEvent logEvent)
        {
            lock (_events)
                _events.Add(logEvent);
        }

        public void Dispose()
        {
            lock (_events)
                _events.Clear();
        }
    }

    private sealed class TargetEnricher : ILogEventEnricher
    {
        public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
            => logEvent.AddOrUpdateProperty(new LogEventProperty("ExecutingTarget", new ScalarValue(s_target)));
    }

    /// <summary>Lets the host mark warnings and errors in its own way.</summary>
    private sealed class HostSink(Host host) : ILogEventSink
    {
        private readonly MessageTemplateTextFormatter _formatter = new("{Message:l}");

        public void Emit(LogEvent logEvent)
        {
            using var text = new StringWriter();
            _formatter.Format(logEvent, text);
            if (logEvent.Level == LogEventLevel.Warning)
                host.ReportWarning(text.ToString(), logEvent.Exception?.ToString());
            else
                host.ReportError(text.ToString(), logEvent.Exception?.ToString());
        }
    }
}
