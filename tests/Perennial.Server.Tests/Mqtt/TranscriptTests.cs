using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Perennial.Server.Connections;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Mqtt;

public sealed class TranscriptTests
{
    // Writes what the server answers into the file's source instead of comparing, to be read before it is kept.
    private static readonly string? RecordInto = Environment.GetEnvironmentVariable("PERENNIAL_RECORD_TRANSCRIPTS");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Transcript.Folder, "*.txt").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_conversation_goes_as_it_is_on_file(string file)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var transcript = Transcript.Read(Path.Combine(Transcript.Folder, file));
        await using var instance = await ServedInstance.Open(time, transcript.Settings.GetValueOrDefault("first reply")).ComposeAsync();
        var presented = await PresentAsync(instance, transcript.Settings);

        var answers = await new TranscriptPlay(instance, time).RunAsync(transcript, presented, cancellationToken);

        var expected = transcript.Steps.Where(step => !step.IsSent).ToList();
        if (RecordInto is not null)
        {
            Record(transcript, expected, answers, Path.Combine(RecordInto, file));
            return;
        }

        foreach (var (step, answer) in expected.Zip(answers))
        {
            Assert.True(
                step.Hex.Replace(" ", string.Empty, StringComparison.Ordinal) == answer,
                $"{file}:{step.Line}: expected\n{step.Hex}\nwas\n{answer}\n{Readable(answer)}");
        }
    }

    private static async Task<PresentedCertificates> PresentAsync(ServedInstance instance, IReadOnlyDictionary<string, string> settings)
    {
        var presented = new PresentedCertificates();
        if (settings.TryGetValue("certificate", out var name))
        {
            using var leaf = TestAuthority.CreateSelfSignedLeaf(name);
            presented.Take(X509CertificateLoader.LoadCertificate(leaf.Der.Span), []);
            if (settings.TryGetValue("enrolled", out var enrolled))
            {
                await instance.EnrollAsync(enrolled, leaf, isEnabled: !settings.ContainsKey("disabled"));
            }
        }

        return presented;
    }

    private static void Record(Transcript transcript, List<TranscriptStep> expected, IReadOnlyList<string> answers, string path)
    {
        var byLine = expected.Zip(answers).ToDictionary(pair => pair.First.Line - 1, pair => pair.Second);
        var text = new StringBuilder();
        for (var i = 0; i < transcript.Lines.Length; i++)
        {
            if (byLine.TryGetValue(i, out var answer))
            {
                text.Append("< ").AppendLine(answer).Append("  ").AppendLine(Readable(answer));
                i += transcript.Lines.ElementAtOrDefault(i + 1)?.StartsWith("  ", StringComparison.Ordinal) == true ? 1 : 0;
            }
            else
            {
                text.AppendLine(transcript.Lines[i]);
            }
        }

        File.WriteAllText(path, text.ToString());
    }

    private static string Readable(string answer)
    {
        if (answer == "end")
        {
            return "The server ends the connection.";
        }

        var packet = Convert.FromHexString(answer);
        return (packet[0] >> 4) switch
        {
            2 => $"CONNACK {packet[3]}, session present {packet[2]}",
            3 => $"PUBLISH {string.Concat(Encoding.Latin1.GetString(packet, 2, packet.Length - 2).Select(c => c is >= ' ' and <= '~' ? c : '.'))}",
            4 => $"PUBACK id {(packet[2] << 8) | packet[3]}",
            9 => $"SUBACK id {(packet[2] << 8) | packet[3]}, 0x{packet[4]:X2}",
            11 => $"UNSUBACK id {(packet[2] << 8) | packet[3]}",
            13 => "PINGRESP",
            var type => $"packet of type {type}",
        };
    }
}
