using Gantry.Nuke.Execution;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Gantry.Nuke.Tests.Execution;

/// <summary>Alone: verbosity and log are those of the process.</summary>
[CollectionDefinition(nameof(VerboseLogTests), DisableParallelization = true)]
[Collection(nameof(VerboseLogTests))]
public sealed class VerboseLogTests : IDisposable
{
    private readonly Verbosity _verbosity = NukeBuild.Verbosity;
    private readonly ILogger _logger = Log.Logger;
    private readonly Lines _lines = new();

    public VerboseLogTests() => Log.Logger = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(_lines).CreateLogger();

    public void Dispose()
    {
        NukeBuild.Verbosity = _verbosity;
        Log.Logger = _logger;
    }

    [Theory]
    [InlineData(Verbosity.Quiet)]
    [InlineData(Verbosity.Minimal)]
    [InlineData(Verbosity.Normal)]
    public void A_build_that_is_not_verbose_has_no_log_of_requests(Verbosity verbosity)
    {
        NukeBuild.Verbosity = verbosity;

        Assert.Null(VerboseLog.Write);
        VerboseLog.WriteCauses(new InvalidOperationException("outer", new TimeoutException("inner")));
        Assert.Empty(_lines.Written);
    }

    [Fact]
    public void A_verbose_build_writes_requests_and_the_causes_of_errors()
    {
        NukeBuild.Verbosity = Verbosity.Verbose;

        VerboseLog.Write!("GET https://contoso.azurecr.io/v2/: 200, id ##vso[task.complete]");
        VerboseLog.WriteCauses(new InvalidOperationException("outer", new TimeoutException("inner")));

        Assert.Equal(2, _lines.Written.Count);
        Assert.StartsWith("GET https://contoso.azurecr.io/v2/: 200, id ", _lines.Written[0], StringComparison.Ordinal);
        Assert.DoesNotContain("##vso[", _lines.Written[0], StringComparison.Ordinal);
        Assert.Equal("caused by TimeoutException: inner", _lines.Written[1]);
    }

    private sealed class Lines : ILogEventSink
    {
        public List<string> Written { get; } = [];

        public void Emit(LogEvent logEvent) => Written.Add(logEvent.RenderMessage());
    }
}
