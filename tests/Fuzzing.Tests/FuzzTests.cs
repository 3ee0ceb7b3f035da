using System.Security.Cryptography;
using CsCheck;
using Fuzzing.Tests.Parsers;
using Gantry;
using Gantry.Testing;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Fuzzing.Tests;

/// <summary>
/// Every parser of what others write reads an input or refuses it with a code: within bounded memory and time, and with no other exception.
/// What it has read, it writes in the same form.
/// </summary>
/// <remarks>
/// CsCheck_Time is the number of seconds for each parser (<c>.ci/nightly</c>). An input that breaks a parser is written below
/// <c>artifacts/fuzzing</c>; put it into the corpus with the correction, under a name that says what is special about it.
/// </remarks>
public sealed class FuzzTests
{
    // No input is larger than a few hundred KiB.
    private const long MaximumAllocation = 256L * 1024 * 1024;

    private static readonly TimeSpan s_hang = TimeSpan.FromMinutes(2);

    private static readonly string s_corpus = Path.Combine(RepositoryFiles.Root, "tests", "Fuzzing.Tests", "Corpus");

    private static readonly Dictionary<string, Parser> s_parsers =
        TextParsers.All.Concat(DocumentParsers.All).Concat(FileParsers.All).ToDictionary(parser => parser.Name);

    public static TheoryData<string> Names => [.. s_parsers.Keys];

    public static TheoryData<string, string> Corpus
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var file in Directory.EnumerateFiles(s_corpus, "*.case", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                data.Add(Path.GetFileName(Path.GetDirectoryName(file)!), Path.GetFileNameWithoutExtension(file));
            return data;
        }
    }

    [Theory, MemberData(nameof(Corpus))]
    public void Every_case_of_the_corpus_is_read_or_refused(string parser, string name) =>
        Read(s_parsers[parser], File.ReadAllBytes(Path.Combine(s_corpus, parser, $"{name}.case")));

    [Theory, MemberData(nameof(Names))]
    public void Whatever_resembles_the_corpus_is_read_or_refused(string name)
    {
        var parser = s_parsers[name];
        var files = Directory.EnumerateFiles(Path.Combine(s_corpus, name)).Order(StringComparer.Ordinal);
        byte[][] corpus = [.. files.Select(File.ReadAllBytes)];
        Gen.UInt.Sample(seed => Read(parser, Mutation.Create(corpus, seed)), iter: parser.Inputs, threads: 1);
    }

    private static void Read(Parser parser, byte[] input)
    {
        try
        {
            var before = GC.GetTotalAllocatedBytes();
            if (!Task.Run(() => ReadAsync(parser, input)).Wait(s_hang))
                throw new TimeoutException("It did not end.");
            var allocated = GC.GetTotalAllocatedBytes() - before;
            Assert.True(allocated <= MaximumAllocation, $"It allocated {allocated} bytes.");
        }
        catch (Exception exception)
        {
            var file = Path.Combine(
                RepositoryFiles.Root,
                "artifacts",
                "fuzzing",
                parser.Name,
                Convert.ToHexStringLower(SHA256.HashData(input))[..12] + ".case");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, input);
            throw new InvalidOperationException($"{parser.Name} breaks at {file}: {exception.GetBaseException()}", exception);
        }
    }

    private static async Task ReadAsync(Parser parser, byte[] input)
    {
        try
        {
            await parser.ReadAsync(input);
        }
        catch (GantryException)
        {
            // Refused.
        }
        catch (Exception exception) when (parser.Refusals.Contains(exception.GetType()))
        {
            // Refused, as it is documented.
        }
    }
}
