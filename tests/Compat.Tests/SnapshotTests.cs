using System.Runtime.CompilerServices;

namespace Compat.Tests;

public class SnapshotTests
{
    [Fact]
    public Task A_text_is_compared_with_the_file_beside_the_test() => Verify("one\r\ntwo\n");

    [Fact]
    public async Task The_test_is_known_after_an_await_and_in_a_helper()
    {
        await Task.Yield();
        await Helper();

        static async Task Helper()
        {
            await Task.Yield();
            await Verify("from a helper");
        }
    }

    [Theory]
    [InlineData(1, "a/b")]
    [InlineData(2, null)]
    public Task Parameters_become_part_of_the_name(int number, string? text)
        => Verify($"{number} {text}").UseParameters(number, text).UseDirectory("Snapshots");

    [Fact]
    public Task An_extension_can_be_chosen() => Verify("a: 1\n", extension: "yml").UseDirectory("Snapshots");

    [Fact]
    public Task An_object_is_written_without_quotes()
        => Verify(new
            {
                Name = "gantry",
                Count = 2,
                Zero = 0,
                Nothing = (string?)null,
                Flag = false,
                Id = Guid.Parse("9d1d5a4d-5a06-4f5c-a2f0-3f4a1b6a5c11"),
                When = DateTimeOffset.UnixEpoch,
                Items = new object[] { "a", 1.5, new { Inner = DayOfWeek.Friday } },
                None = Array.Empty<string>(),
                Pairs = new Dictionary<string, int> { ["b"] = 1, ["a"] = 2 },
                Lines = "one\ntwo"
            })
            .UseDirectory("Snapshots");

    [Fact]
    public Task Scrubbers_change_the_text_before_it_is_compared()
        => Verify("9d1d5a4d-5a06-4f5c-a2f0-3f4a1b6a5c11 keeps\nsecret line\n9d1d5a4d-5a06-4f5c-a2f0-3f4a1b6a5c11 42 ms")
            .ScrubInlineGuids()
            .ScrubLinesContaining("secret")
            .AddScrubber(x => x.Replace("42 ms", "N ms"))
            .UseDirectory("Snapshots");

    [Fact]
    public async Task A_new_snapshot_fails_and_writes_the_received_file()
    {
        using var folder = new TemporaryFolder();
        var exception = await Record.ExceptionAsync(() => Verify("first").UseDirectory(folder.Path).UseFileName("new").ToTask());

        Assert.Contains("New:\n  - Received: new.received.txt\n    Verified: new.verified.txt\n\nfirst", exception!.Message);
        Assert.Equal("first", File.ReadAllText(Path.Combine(folder.Path, "new.received.txt")));
        Assert.False(File.Exists(Path.Combine(folder.Path, "new.verified.txt")));
    }

    [Fact]
    public async Task A_difference_fails_and_shows_the_lines_that_differ()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "x.verified.txt"), string.Join('\n', Enumerable.Range(1, 20)));
        var received = string.Join('\n', Enumerable.Range(1, 20).Select(x => x == 12 ? "twelve" : x.ToString()));

        var exception = await Record.ExceptionAsync(() => Verify(received).UseDirectory(folder.Path).UseFileName("x").ToTask());

        Assert.Contains("  ...\n  9\n  10\n  11\n- 12\n+ twelve\n  13\n  14\n  15\n", exception!.Message);
        Assert.DoesNotContain("  1\n", exception.Message);
    }

    [Fact]
    public async Task The_received_file_is_removed_when_the_snapshot_matches()
    {
        using var folder = new TemporaryFolder();
        var received = Path.Combine(folder.Path, "x.received.txt");
        File.WriteAllText(Path.Combine(folder.Path, "x.verified.txt"), "same\r\n");
        File.WriteAllText(received, "old");

        await Verify("same").UseDirectory(folder.Path).UseFileName("x");

        Assert.False(File.Exists(received));
    }

    [Fact]
    public async Task Binary_content_is_compared_byte_for_byte()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(Path.Combine(folder.Path, "x.verified.bin"), [1, 13, 10]);

        await Verify(new byte[] { 1, 13, 10 }, "bin").UseDirectory(folder.Path).UseFileName("x");
        await Assert.ThrowsAnyAsync<Exception>(() =>
            Verify(new byte[] { 1, 10 }, "bin").UseDirectory(folder.Path).UseFileName("x").ToTask());
    }

    [Theory]
    [InlineData(1)]
    public async Task A_theory_must_pass_its_parameters(int number)
    {
        var exception = await Record.ExceptionAsync(() => Verify(number).ToTask());
        Assert.Contains("UseParameters", exception!.Message);
    }

    [Fact]
    public async Task The_folder_of_the_project_must_not_get_into_a_snapshot()
    {
        var exception = await Record.ExceptionAsync(() => Verify($"wrote {ThisFolder()}/x").ToTask());
        Assert.Contains("AddScrubber", exception!.Message);
    }

    private static string ThisFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
