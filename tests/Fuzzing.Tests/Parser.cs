using System.Text;

namespace Fuzzing.Tests;

/// <summary>A parser of what others write.</summary>
/// <param name="Name">The name, which is that of its folder in the corpus, too.</param>
/// <param name="ReadAsync">Reads an input as far as the product does, and checks what can be written again.</param>
internal sealed record Parser(string Name, Func<byte[], Task> ReadAsync)
{
    /// <summary>The documented exceptions besides <see cref="Gantry.GantryException"/>.</summary>
    public IReadOnlyList<Type> Refusals { get; init; } = [];

    /// <summary>The number of inputs in an ordinary run.</summary>
    public int Inputs { get; init; } = 2_000;

    /// <summary>Creates a parser of text.</summary>
    public static Parser OfText(string name, Action<string> read) => new(name, input =>
    {
        read(Encoding.UTF8.GetString(input));
        return Task.CompletedTask;
    });

    /// <summary>Creates a parser of bytes.</summary>
    public static Parser OfBytes(string name, Action<byte[]> read) => new(name, input =>
    {
        read(input);
        return Task.CompletedTask;
    });

    /// <summary>Creates a parser of files.</summary>
    public static Parser OfFile(string name, Func<string, Task> readAsync) => new(name, async input =>
    {
        using var folder = new Gantry.Testing.TempFolder();
        await readAsync(folder.Write("input", input));
    }) { Inputs = 200 };
}
