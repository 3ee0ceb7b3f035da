using System.Reflection;
using Gantry;
using Gantry.Display;

namespace Repository.Tests.Architecture;

/// <summary>
/// Text reaches people through a few types, which take <see cref="DisplayText"/>: what others wrote in it cannot act on a terminal or on an
/// agent.
/// </summary>
public sealed class OutputTests
{
    private static readonly IReadOnlySet<MethodCall> s_calls = MethodCalls.Read(
        Directory.GetFiles(AppContext.BaseDirectory, "Gantry*.dll").Where(file => Path.GetFileName(file) != "Gantry.Testing.dll"));

    // The ways to a terminal and to the log of an agent, and the types that may take them.
    private static readonly IReadOnlyList<(Func<MethodCall, bool> Is, string[] Allowed)> s_sinks =
    [
        (
            call => call is { Type: "System.Console", Method: "get_Out" or "get_Error" or "OpenStandardOutput" or "OpenStandardError" }
                || (call.Type == "System.Console" && call.Method.StartsWith("Write", StringComparison.Ordinal)),
            ["Gantry.Cli.Start.Program", "Gantry.Display.TerminalOutput", "Gantry.Nuke.Execution.BuildOutput"]
        ),
        // The sink passes on what the build system logs.
        (call => call.Type is "Serilog.Log" or "Serilog.ILogger", ["Gantry.Nuke.Execution.BuildOutput", "Gantry.Nuke.FailureSink"]),
        (
            call => call.Type.StartsWith("Spectre.Console.", StringComparison.Ordinal),
            ["Gantry.Display.ReportOutput", "Gantry.Display.ProgressBars"]
        ),
        (
            call => call.Type == "System.IO.TextWriter" && call.Method.StartsWith("Write", StringComparison.Ordinal)
                && call.User.Namespace.Split('.') is ["Gantry", "Cli" or "Display" or "Nuke", ..],
            // The program itself writes one sentence of its own, when it cannot even load the output. Git reads its input. A page
            // neutralizes and encodes every text.
            [
                "Gantry.Display.TerminalOutput", "Gantry.Display.TrimmedWriter", "Gantry.Display.Html.HtmlOutput",
                "Gantry.Nuke.Reporting.RunReport", "Gantry.Cli.Start.Program", "Gantry.Nuke.Versioning.Git",
            ]
        ),
        (
            call => call.Type is "System.Diagnostics.Trace" or "System.Diagnostics.Debug"
                || call.Type.EndsWith(".Common.Host", StringComparison.Ordinal) // of the build system
                || call.Type.EndsWith(".Common.Assert", StringComparison.Ordinal)
                || call is { Type: "System.Environment", Method: "FailFast" },
            []
        ),
    ];

    [Fact]
    public void Only_the_outputs_write_text() => Expect.Nothing(
        from call in s_calls
        from sink in s_sinks
        where sink.Is(call) && !sink.Allowed.Contains(call.User.ToString())
        select $"{call}, and not BuildOutput or TerminalOutput");

    [Fact]
    public void Every_way_out_is_used() => Expect.Nothing(
        from sink in s_sinks
        from allowed in sink.Allowed
        where !s_calls.Any(call => sink.Is(call) && call.User.ToString() == allowed)
        select $"{allowed} does not need to be allowed");

    [Fact]
    public void Outputs_and_errors_take_no_raw_text()
    {
        var output = Assembly.Load("Gantry.Nuke").GetType("Gantry.Nuke.Execution.BuildOutput", throwOnError: true)!;
        var raw =
            from type in (Type[])[typeof(TerminalOutput), output, typeof(GantryException)]
            from method in type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .OfType<MethodBase>()
            from parameter in method.GetParameters()
            where parameter.ParameterType == typeof(string) && (method, parameter.Name) is not ({ IsConstructor: true }, "code")
            select $"{type.Name}.{method.Name} takes the text {parameter.Name}";

        Expect.Nothing(raw);
    }
}
