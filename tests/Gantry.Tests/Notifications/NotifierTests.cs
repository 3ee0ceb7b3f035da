using System.Text.Json.Nodes;
using Gantry.Environments;
using Gantry.Notifications;
using Gantry.Testing;
using Gantry.Testing.Faults;

namespace Gantry.Tests.Notifications;

/// <summary>Messages to receivers that are as strict as Slack and Teams say they are.</summary>
public sealed class NotifierTests
{
    private static readonly NotificationMessage s_message = new()
    {
        Title = "1.4.2 was promoted to prod",
        IsGood = true,
        Facts = [("Images", "app@7a8ef317aabb"), ("By", "Ben <ben@contoso.com> & *co*")],
        RunUrl = "https://dev.azure.com/contoso/shop/_build/results?buildId=7",
    };

    [Fact]
    public async Task Slack_gets_blocks_of_plain_text()
    {
        var payload = await SendAsync(Notification.Slack("$(URL)"), s_message);

        Assert.Empty(SlackFaults(payload));
        Assert.Equal("1.4.2 was promoted to prod", (string?)payload["text"]);
        Assert.Equal("By: Ben &lt;ben@contoso.com&gt; &amp; *co*", (string?)payload["blocks"]![1]!["fields"]![1]!["text"]);
        Assert.Equal(s_message.RunUrl, (string?)payload["blocks"]![2]!["elements"]![0]!["url"]);
    }

    [Fact]
    public async Task Teams_gets_a_card_without_Markdown()
    {
        var payload = await SendAsync(Notification.Teams("$(URL)"), s_message);

        Assert.Empty(TeamsFaults(payload));
        var card = payload["attachments"]![0]!["content"]!;
        Assert.Equal("Ben <ben@contoso.com> & *co*", (string?)card["body"]![2]!["inlines"]![1]!["text"]);
        Assert.Equal(s_message.RunUrl, (string?)card["actions"]![0]!["url"]);
    }

    [Fact]
    public async Task Long_and_hostile_texts_stay_within_the_limits()
    {
        var smiles = string.Concat(Enumerable.Repeat("😀", 3000));
        string[] texts = [.. HostileText.Values.Values, new string('&', 5000), new string('x', 100_000), smiles];
        foreach (var text in texts)
        {
            var message = new NotificationMessage
            {
                Title = text,
                IsGood = false,
                Facts = [.. Enumerable.Repeat((text, text), 30)],
                RunUrl = text,
            };
            Assert.Empty(SlackFaults(await SendAsync(Notification.Slack("$(URL)"), message)));
            Assert.Empty(TeamsFaults(await SendAsync(Notification.Teams("$(URL)"), message)));
        }
    }

    [Fact]
    public async Task A_channel_that_fails_is_reported_and_the_others_get_the_message()
    {
        await using var good = await LoopbackServer.StartAsync(new LoopbackResponse(202));
        await using var gone = await LoopbackServer.StartAsync(new LoopbackResponse(404));
        var environment = new PromotionEnvironment("prod")
        {
            Notifications =
            [
                Notification.Slack("$(GONE)"),
                Notification.Slack("$(NOT_SET)"),
                Notification.Teams("$(GOOD)") with { Events = NotificationEvents.Promoted },
                Notification.Teams("$(GOOD)") with { Events = NotificationEvents.Drifted },
            ],
        };
        var errors = new List<GantryException>();
        using var notifier = new Notifier(TimeProvider.System, name => name switch
        {
            "GONE" => gone.Address + "secret-path",
            "GOOD" => good.Address.ToString(),
            _ => null,
        });

        await notifier.SendAsync(environment, NotificationEvents.Promoted, s_message, errors.Add, default);

        Assert.Equal(["GAN4172", "GAN4073"], errors.Select(error => error.Code));
        Assert.All(errors, error => Assert.DoesNotContain("secret-path", error.Message, StringComparison.Ordinal));
        Assert.Single(good.Requests);
    }

    [Fact]
    public async Task A_channel_that_cannot_be_reached_is_an_error_without_its_address()
    {
        using var notifier = new Notifier(new AutoAdvancingTime(), _ => $"http://127.0.0.1:{FreePort.Find()}/secret-path");

        var error = await Assert.ThrowsAsync<GantryException>(() => notifier.SendAsync(Notification.Slack("$(URL)"), s_message, default));

        Assert.Equal("GAN4171", error.Code);
        Assert.DoesNotContain("secret-path", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://hooks.slack.com/services/T0/B0/secret")]
    [InlineData("ftp://$(HOST)")]
    public void An_address_that_is_written_down_or_is_none_is_refused(string url)
    {
        var environment = new PromotionEnvironment("prod") { Notifications = [Notification.Slack(url)] };

        Assert.Equal("GAN4170", Assert.Throws<GantryException>(() => EnvironmentSet.Create([environment])).Code);
    }

    [Fact]
    public void Variables_of_channels_are_those_of_the_environment() =>
        Assert.Equal(
            ["SLACK_PROD"], new PromotionEnvironment("prod") { Notifications = [Notification.Slack("$(SLACK_PROD)")] }.DeploymentVariables);

    private static async Task<JsonNode> SendAsync(Notification channel, NotificationMessage message)
    {
        await using var server = await LoopbackServer.StartAsync(new LoopbackResponse(200));
        using var notifier = new Notifier(TimeProvider.System, _ => server.Address.ToString());
        await notifier.SendAsync(channel, message, default);
        var request = Assert.Single(server.Requests);
        Assert.Equal(("POST", "application/json"), (request.Method, request.Headers["Content-Type"]));
        return JsonNode.Parse(request.Body)!;
    }

    // https://docs.slack.dev/reference/block-kit/: what Slack answers with invalid_blocks, and what would act.
    private static IEnumerable<string> SlackFaults(JsonNode payload)
    {
        var blocks = payload["blocks"]!.AsArray();
        if (blocks.Count > 50)
            yield return "too many blocks";
        if (!payload.AsObject().Select(property => property.Key).All(key => key is "text" or "mrkdwn" or "blocks"))
            yield return "another property";
        foreach (var block in blocks)
        {
            var texts = (string?)block!["type"] switch
            {
                "header" => [(Text: block["text"]!, Most: 150)],
                "section" => block["fields"]!.AsArray().Select(field => (Text: field!, Most: 2000)).ToArray(),
                "actions" => block["elements"]!.AsArray().Select(element => (Text: element!["text"]!, Most: 75)).ToArray(),
                _ => throw new InvalidOperationException("another block"),
            };
            if (texts.Length is 0 or > 10)
                yield return "another number of fields";
            foreach (var (text, most) in texts)
            {
                var value = (string)text["text"]!;
                if ((string?)text["type"] != "plain_text" || value.Length == 0 || value.Length > most
                    || value.AsSpan().ContainsAny('<', '>'))
                    yield return $"a text of {value.Length}";
                if (HostileText.FindFault(value, lines: 0) is { } fault)
                    yield return fault;
            }

            foreach (var element in (string?)block["type"] == "actions" ? block["elements"]!.AsArray() : [])
            {
                if (!Uri.IsWellFormedUriString((string?)element!["url"], UriKind.Absolute))
                    yield return "no address";
            }
        }
    }

    // https://adaptivecards.io/explorer/ of version 1.4, and the 28 KB of a message in Teams.
    private static IEnumerable<string> TeamsFaults(JsonNode payload)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(payload.ToJsonString()) > 28 * 1024)
            yield return "too large";
        if ((string?)payload["type"] != "message" || payload["attachments"]!.AsArray().Count != 1)
            yield return "no message";
        var attachment = payload["attachments"]![0]!;
        if ((string?)attachment["contentType"] != "application/vnd.microsoft.card.adaptive")
            yield return "no card";
        var card = attachment["content"]!;
        if (((string?)card["type"], (string?)card["version"]) != ("AdaptiveCard", "1.4"))
            yield return "another card";
        foreach (var block in card["body"]!.AsArray())
        {
            if ((string?)block!["type"] != "RichTextBlock")
                yield return "a block with Markdown";
            foreach (var run in block["inlines"]!.AsArray())
            {
                var value = (string)run!["text"]!;
                if ((string?)run["type"] != "TextRun" || value.Length == 0 || value.Contains("{{", StringComparison.Ordinal))
                    yield return "another run";
                if (HostileText.FindFault(value, lines: 0) is { } fault)
                    yield return fault;
            }
        }

        foreach (var action in card["actions"]?.AsArray() ?? [])
        {
            if ((string?)action!["type"] != "Action.OpenUrl" || !Uri.IsWellFormedUriString((string?)action["url"], UriKind.Absolute))
                yield return "another action";
        }
    }
}
