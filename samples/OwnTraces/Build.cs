using Gantry;
using Gantry.Environments;
using Gantry.Nuke;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

/// <summary>
/// Exports a trace of each promotion: to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names, or else to the console.
/// </summary>
class Build : GantryBuild, IPromote
{
    public static int Main()
    {
        var traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.AddService("promotion"))
            .AddSource(Telemetry.Name);
        var hasCollector = Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is not null;
        using var provider = (hasCollector ? traces.AddOtlpExporter() : traces.AddConsoleExporter()).Build();
        return Execute<Build>(x => x.PromoteDev);
    }

    public IReadOnlyList<ContainerImage> Images => [new("app") { Project = "src/App" }];

    public PromotionEnvironment Dev => new("dev");

    Target PromoteDev => _ => _.Promote(this, Dev);
}
