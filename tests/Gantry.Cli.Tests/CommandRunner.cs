using System.Text.RegularExpressions;
using Gantry.Cli.Start;

namespace Gantry.Cli.Tests;

/// <summary>Runs the command line tool in this process.</summary>
internal static partial class CommandRunner
{
    public static Task<CommandResult> RunAsync(params string[] arguments) => RunAsync(answer: null, arguments);

    /// <summary>Runs it for a person who answers its question.</summary>
    public static async Task<CommandResult> RunAsync(Func<string?>? answer, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var input = new StringReader(answer?.Invoke() ?? "");
        var context = new CommandContext(TextWriter.Synchronized(output), TextWriter.Synchronized(error))
        {
            In = input, CanAsk = answer is not null,
        };
        var code = await Commands.RunAsync(arguments, context, CancellationToken.None);
        return new CommandResult(code, output.ToString(), error.ToString());
    }

    /// <summary>The result of a command.</summary>
    internal sealed record CommandResult(int Code, string Output, string Error)
    {
        public CommandResult EnsureSuccess()
        {
            Assert.True(Code == 0, Error);
            return this;
        }

        /// <summary>Asserts that the command printed one coded error and nothing else.</summary>
        public void AssertError(string code)
        {
            Assert.Equal(1, Code);
            Assert.Matches(OneSentence(), Error);
            Assert.StartsWith(code, Error, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"\AGAN\d{4}: [^\n]+\.\n\z")]
    private static partial Regex OneSentence();
}
