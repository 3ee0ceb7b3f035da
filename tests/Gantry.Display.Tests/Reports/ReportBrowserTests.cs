using System.Text.Json;
using System.Text.RegularExpressions;
using Gantry.Testing;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace Gantry.Display.Reports.Tests;

/// <summary>The page in a real Chromium.</summary>
public sealed class ReportBrowserTests(Browser browser, ITestOutputHelper output) : IClassFixture<Browser>
{
    private const int PhoneWidth = 360;
    private const int MaximumTabs = 400;

    private static readonly BrowserNewContextOptions s_phone = new()
    {
        ViewportSize = new ViewportSize { Width = PhoneWidth, Height = 740 },
        HasTouch = true,
    };

    public static TheoryData<ColorScheme, bool> Looks => new()
    {
        { ColorScheme.Light, false }, { ColorScheme.Light, true }, { ColorScheme.Dark, false }, { ColorScheme.Dark, true },
    };

    [ChromiumFact]
    public async Task Shows_what_runs_where()
    {
        await using var opened = await browser.OpenAsync(SampleReports.Small);
        var page = opened.Page;

        Assert.Equal(
            "3 of 3 images are behind in prod; prod is held; 1 bypass open; drift in 1 place",
            await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).InnerTextAsync());
        Assert.Equal(
            ["Image", "dev", "test", "prod held at 1.4.1"],
            await page.GetByRole(AriaRole.Columnheader).AllInnerTextsAsync());
        Assert.Equal(["api", "web", "worker"], await page.GetByRole(AriaRole.Rowheader).AllInnerTextsAsync());
        var cell = page.GetByRole(AriaRole.Row, new() { Name = "web" }).GetByRole(AriaRole.Cell).Last;
        Assert.Matches(
            new Regex(
                "1\\.4\\.1 for 3 days\\s+login: refuse.*signed\\s*tag was moved\\s+2 behind",
                RegexOptions.Singleline,
                TimeSpan.FromSeconds(1)),
            await cell.InnerTextAsync());
        await cell.GetByText("2 behind").ClickAsync();
        Assert.Equal(7, await cell.GetByRole(AriaRole.Listitem).CountAsync());
        await cell.GetByRole(AriaRole.Link, new() { Name = "tag was moved" }).ClickAsync();
        Assert.EndsWith("#problem-1", page.Url, StringComparison.Ordinal);
        Assert.Empty(opened.Messages);
    }

    [ChromiumFact]
    public async Task Asks_nobody_for_anything()
    {
        await using var opened = await browser.OpenAsync(SampleReports.Small);

        await opened.OpenAllAsync();
        await opened.Page.Locator("#filter").FillAsync("web");
        await opened.Page.Locator("#attention").CheckAsync();
        await opened.Page.EvaluateAsync("scrollTo(0, document.body.scrollHeight)");
        await opened.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        Assert.StartsWith("file://", Assert.Single(opened.Requests), StringComparison.Ordinal);
        Assert.Equal(0, await opened.Page.EvaluateAsync<int>("performance.getEntriesByType('resource').length"));
        Assert.Empty(opened.Messages);
    }

    [ChromiumTheory]
    [MemberData(nameof(Looks))]
    public async Task Has_enough_contrast(ColorScheme scheme, bool isPhone)
    {
        await using var opened = await browser.OpenAsync(SampleReports.Small, new BrowserNewContextOptions
        {
            ColorScheme = scheme,
            ViewportSize = isPhone ? s_phone.ViewportSize : new ViewportSize { Width = 1280, Height = 900 },
        });
        await opened.OpenAllAsync();
        var script = await File.ReadAllTextAsync(
            Path.Combine(RepositoryFiles.Root, "tests", "Gantry.Display.Tests", "Reports", "contrast.js"));

        var result = await opened.Page.EvaluateAsync<JsonElement>(script);

        Assert.True(result.GetProperty("texts").GetInt32() > 200, result.ToString());
        Assert.Empty(result.GetProperty("faults").EnumerateArray().Select(fault => fault.GetString()));
    }

    [ChromiumFact]
    public async Task Everything_is_reached_by_the_keyboard_and_shows_the_focus()
    {
        await using var opened = await browser.OpenAsync(SampleReports.Small);
        var page = opened.Page;
        var expected = await page.EvaluateAsync<int>(
            """
            [...document.querySelectorAll("a[href], summary, input, button, [tabindex='0']")].filter(one => one.checkVisibility()).length
            """);
        var reached = new List<string>();

        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to content", await page.EvaluateAsync<string>("document.activeElement.textContent"));
        Assert.True(await page.EvaluateAsync<bool>("document.activeElement.getBoundingClientRect().top >= 0"));
        for (var tabs = 0; tabs < MaximumTabs; tabs++)
        {
            var focus = await page.EvaluateAsync<JsonElement>(
                """
                (() => {
                  const one = document.activeElement;
                  if (one === document.body) return null;
                  const style = getComputedStyle(one);
                  one.dataset.reached ??= Math.random();
                  const text = one.outerHTML.slice(0, 80);
                  return { key: one.dataset.reached, text, outline: parseFloat(style.outlineWidth), kind: style.outlineStyle };
                })()
                """);
            if (focus.ValueKind != JsonValueKind.Object || reached.Contains(focus.GetProperty("key").GetString()!))
                break;
            reached.Add(focus.GetProperty("key").GetString()!);
            Assert.True(focus.GetProperty("outline").GetDouble() >= 2 && focus.GetProperty("kind").GetString() != "none", focus.ToString());
            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Equal(expected, reached.Count);
    }

    [ChromiumFact]
    public async Task Details_open_by_the_keyboard_and_commands_are_copied()
    {
        await using var opened = await browser.OpenAsync(
            SampleReports.Small, new BrowserNewContextOptions { Permissions = ["clipboard-read", "clipboard-write"] });
        var page = opened.Page;
        var details = page.Locator("details.verify").First;

        await details.Locator("summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await details.GetByRole(AriaRole.Button).First.WaitForAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await details.GetByRole(AriaRole.Button, new() { Name = "Copied" }).WaitForAsync();

        Assert.Equal(
            await details.Locator("code").First.TextContentAsync(), await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
    }

    [ChromiumFact]
    public async Task The_filter_leaves_what_was_looked_for()
    {
        await using var opened = await browser.OpenAsync(SampleReports.Small);
        var rows = opened.Page.Locator("tbody tr:visible");

        await opened.Page.GetByLabel("Find an image or release").FillAsync("WEB 1.4");

        Assert.Equal(1, await rows.CountAsync());
        Assert.Equal("1 of 3 images", await opened.Page.GetByRole(AriaRole.Status).InnerTextAsync());
    }

    [ChromiumTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fits_on_a_phone(bool isSmall)
    {
        await using var opened = await browser.OpenAsync(
            isSmall ? SampleReports.Small : SampleReports.Large(environments: 20, images: 50, releases: 200), s_phone);
        var page = opened.Page;
        if (isSmall)
            await opened.OpenAllAsync();

        Assert.Equal(PhoneWidth, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(await page.EvaluateAsync<string[]>(
            $"[...document.querySelectorAll('main *')].filter(one => one.getBoundingClientRect().right > {PhoneWidth}"
            + " && one.checkVisibility() && !one.closest('.hidden, thead')).map(one => one.outerHTML.slice(0, 120))"));
        Assert.Contains(isSmall ? "prod" : "stage-20", await page.GetByRole(AriaRole.Row).Last.InnerTextAsync(), StringComparison.Ordinal);
        Assert.True(await page.GetByRole(AriaRole.Cell).CountAsync() >= 9);
    }

    // The time is for bench/README.md: a machine may be busy.
    [ChromiumFact]
    public async Task Opens_a_large_fleet()
    {
        await using var opened = await browser.OpenAsync(SampleReports.Large(environments: 20, images: 50, releases: 200));

        Assert.Equal(1000, await opened.Page.GetByRole(AriaRole.Cell).CountAsync());
        var milliseconds = await opened.Page.EvaluateAsync<double>("performance.getEntriesByType('navigation')[0].loadEventEnd");
        output.WriteLine($"opened in {milliseconds:0} ms");
        Assert.Empty(opened.Messages);
    }

    [ChromiumFact]
    public async Task Says_the_same_without_scripts()
    {
        await using var without = await browser.OpenAsync(SampleReports.Small, new BrowserNewContextOptions { JavaScriptEnabled = false });
        await using var with = await browser.OpenAsync(SampleReports.Small);

        var text = await without.Page.Locator("main").TextContentAsync();

        Assert.Equal(
            (await with.Page.Locator("main").TextContentAsync())!.Replace("Copy", "", StringComparison.Ordinal), text);
        Assert.False(await without.Page.Locator(".filter").IsVisibleAsync());
        var commits = without.Page.Locator("details.behind").First;
        await commits.Locator("summary").ClickAsync();
        Assert.True(await commits.GetByRole(AriaRole.Listitem).First.IsVisibleAsync());
    }

    [ChromiumFact]
    public async Task Is_understood_by_a_screen_reader()
    {
        await using var opened = await browser.OpenAsync(SampleReports.Small);
        var page = opened.Page;

        foreach (var role in (AriaRole[])[AriaRole.Banner, AriaRole.Navigation, AriaRole.Main, AriaRole.Contentinfo])
            Assert.Equal(1, await page.GetByRole(role).CountAsync());
        Assert.Equal("en", await page.EvaluateAsync<string>("document.documentElement.lang"));
        Assert.Equal(
            ["What runs where", "The way of each release", "What happened", "Problems", "Verify it yourself"],
            await page.GetByRole(AriaRole.Heading, new() { Level = 2 }).AllInnerTextsAsync());
        var snapshot = await page.Locator("main").AriaSnapshotAsync();
        Assert.Contains("columnheader \"prod held at 1.4.1\"", snapshot, StringComparison.Ordinal);
        Assert.Contains("rowheader \"worker\"", snapshot, StringComparison.Ordinal);
        Assert.Contains("there now", snapshot, StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task Is_printed_with_everything_but_what_only_a_screen_has()
    {
        await using var opened = await browser.OpenAsync(SampleReports.Small);
        var page = opened.Page;

        await page.EmulateMediaAsync(new() { Media = Media.Print, ColorScheme = ColorScheme.Light });

        Assert.False(await page.GetByRole(AriaRole.Navigation).IsVisibleAsync());
        Assert.False(await page.Locator("button").First.IsVisibleAsync());
        Assert.True(await page.Locator("details.changes .commits li").First.IsVisibleAsync());
        Assert.NotEmpty(await page.PdfAsync());
    }

    [ChromiumFact]
    public async Task Hostile_records_do_nothing()
    {
        await using var opened = await browser.OpenAsync(HostileReport.All());
        var page = opened.Page;
        await opened.OpenAllAsync();
        await page.EvaluateAsync(
            """
            document.querySelectorAll("main *").forEach(one => {
              one.dispatchEvent(new MouseEvent("mouseover"));
              one.focus?.();
            })
            """);
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        Assert.Single(opened.Requests);
        Assert.Empty(opened.Messages);
        Assert.Equal(1, await page.EvaluateAsync<int>("document.scripts.length"));
        Assert.Equal(
            0,
            await page.Locator(
                "img, iframe, object, embed, base, form, link, video, audio, [onerror], [onload], [onclick], [onfocus], [style]")
                .CountAsync());
        Assert.Equal(5, await page.Locator("meta").CountAsync());
        Assert.Empty(await page.EvaluateAsync<string[]>(
            """
            [...document.querySelectorAll("[href]")]
              .map(one => one.getAttribute("href"))
              .filter(address => !/^(#|https?:)/.test(address))
            """));
        Assert.True(await page.Locator("main").IsVisibleAsync());
    }

    [ChromiumFact]
    public async Task A_script_that_was_put_into_the_page_does_not_run()
    {
        await using var opened = await browser.OpenAsync(SampleReports.Small);

        await opened.Page.EvaluateAsync(
            """
            document.body.insertAdjacentHTML("beforeend", "<img src='https://evil.example/x' onerror='window.ran = true'>");
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            document.body.append(script);
            """);
        await opened.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        Assert.False(await opened.Page.EvaluateAsync<bool>("window.ran === true"));
        Assert.Equal("csp", opened.Refused["https://evil.example/x"]);
    }

    [ChromiumFact]
    public async Task A_served_page_shows_the_next_one_and_keeps_what_is_open()
    {
        using var server = new ReportServer(port: 0, TimeProvider.System);
        using var end = new CancellationTokenSource();
        server.Show(new ReportPage(SampleReports.Small));
        var running = server.RunAsync(end.Token);
        await using (var opened = await browser.OpenAsync(server.Address))
        {
            await opened.Page.Locator("details.behind summary").First.ClickAsync();

            server.Show(new ReportPage(SampleReports.Small with { Name = "the next one" }));

            await opened.Page.GetByText("the next one", new() { Exact = true }).WaitForAsync();
            Assert.True(await opened.Page.Locator("details.behind ul").First.IsVisibleAsync());
            Assert.All(opened.Requests, address => Assert.StartsWith(server.Address.AbsoluteUri, address, StringComparison.Ordinal));
            Assert.Empty(opened.Messages);
        }

        await end.CancelAsync();
        await running;
    }
}
