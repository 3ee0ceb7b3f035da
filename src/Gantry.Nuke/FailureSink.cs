using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Gantry.Nuke;

/// <summary>
/// Logs the failure of a target as its sentence. The build system logs that the target "has thrown an exception", and the sentence below.
/// </summary>
/// <param name="log">Receives the events.</param>
/// <param name="isReported">Returns true where the sentence was reported to a service, which shows it in its log.</param>
internal sealed class FailureSink(ILogger log, Func<bool> isReported) : ILogEventSink, IDisposable
{
    private readonly List<string> _warnings = [];

    /// <summary>Gets the warnings so far, in their order.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            lock (_warnings)
                return [.. _warnings];
        }
    }

    /// <summary>Puts a sink before the logger of the build system. Disposing of that logger then disposes of both.</summary>
    public static FailureSink Install(Func<bool> isReported)
    {
        var sink = new FailureSink(Log.Logger, isReported);
        Log.Logger = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(sink).CreateLogger();
        return sink;
    }

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        if (logEvent.Level == LogEventLevel.Warning)
        {
            lock (_warnings)
                _warnings.Add(logEvent.RenderMessage().Trim('"'));
        }

        if (logEvent.Exception is not TargetFailedException failure)
            log.Write(logEvent);
        else if (!isReported())
            log.Error("{Line:l}", failure.Message);
    }

    /// <inheritdoc/>
    public void Dispose() => (log as IDisposable)?.Dispose();
}
