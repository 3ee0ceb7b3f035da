using System.Text.RegularExpressions;

namespace Gantry.Cli.Tests;

/// <summary>Runs the command line in this process.</summary>
internal static partial class CommandLine
{
    public static async Task<Answer> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var context = new CommandContext { Out = TextWriter.Synchronized(output), Error = TextWriter.Synchronized(error) };
        var code = await Commands.RunAsync(arguments, context, CancellationToken.None);
        return new Answer(code, output.ToString(), error.ToString());
    }

    /// <summary>How a command ended.</summary>
    internal sealed record Answer(int Code, string Output, string Error)
    {
        public Answer Succeeded()
        {
            Assert.True(Code == 0, Error);
            return this;
        }

        /// <summary>One coded sentence, and nothing else.</summary>
        public void Failed(string code)
        {
            Assert.Equal(1, Code);
            Assert.Matches(OneSentence(), Error);
            Assert.StartsWith(code, Error, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"\AGAN\d{4}: [^\n]+\.\n\z")]
    private static partial Regex OneSentence();
}
