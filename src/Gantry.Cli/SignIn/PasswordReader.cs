using System.Text;

namespace Gantry.Cli.SignIn;

/// <summary>Reads user names and passwords: from a person at a terminal, or from a pipe.</summary>
internal static class PasswordReader
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(30);

    /// <summary>Asks for a user name.</summary>
    public static string? AskUser(CommandContext context, string host)
    {
        context.Error.Write($"User name for {host}: ");
        return context.In.ReadLine()?.Trim();
    }

    /// <summary>Asks for a password, which is not shown while it is typed.</summary>
    public static string? AskPassword(CommandContext context, string host, CancellationToken cancellationToken)
    {
        context.Error.Write($"Password for {host}: ");
        var text = new StringBuilder();
        while (true)
        {
            // A read that waits cannot be interrupted by Ctrl-C.
            while (!Console.KeyAvailable)
            {
                if (cancellationToken.WaitHandle.WaitOne(s_interval))
                    cancellationToken.ThrowIfCancellationRequested();
            }

#pragma warning disable RS0030 // A key is there. Only this way is it not shown.
            var key = Console.ReadKey(intercept: true);
#pragma warning restore RS0030
            if (key.Key == ConsoleKey.Enter)
                break;
            if (key.Key == ConsoleKey.Backspace && text.Length > 0)
                text.Length--;
            else if (!char.IsControl(key.KeyChar))
                text.Append(key.KeyChar);
        }

        context.Error.WriteLine();
        return text.ToString();
    }

    /// <summary>Reads a password from a pipe: everything, without the line break at its end.</summary>
    public static string ReadAll(CommandContext context)
    {
        var buffer = new char[Limits.PasswordLength];
        var length = context.In.ReadBlock(buffer);
        return new string(buffer, 0, length).TrimEnd('\r', '\n');
    }
}
