using Perennial.Provisioning.Enrollments;
using Perennial.Server.Imports;
using Perennial.Server.Tests.Commands;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Imports;

/// <summary>Lists imported by the command into a server that runs.</summary>
public sealed class ImportDevicesTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-test-");
    private readonly TestAuthority _root = TestAuthority.CreateRoot("Factory");
    private ServedInstance _served = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string ListFile => Path.Combine(_folder.FullName, "list.csv");

    public async ValueTask InitializeAsync() => _served = await ServedInstance.Open(TimeProvider.System).StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _served.DisposeAsync();
        _root.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_list_is_enrolled_told_row_by_row_and_taken_up_again()
    {
        using var other = _root.IssueLeaf("lamp-0");
        await _served.EnrollAsync("lamp-0", other);
        var lines = new List<string> { "registrationId,certificate" };
        for (var i = 0; i < 40; i++)
        {
            using var leaf = _root.IssueLeaf($"lamp-{i}");
            lines.Add($"lamp-{i},{Convert.ToBase64String(leaf.Der.Span)}");
        }

        using var pinned = _root.IssueLeaf("lamp-pinned");
        lines.Add($"lamp-pinned,{pinned.Certificate.Thumbprint}");
        lines.Add("lamp-bad,nonsense!");
        await File.WriteAllLinesAsync(ListFile, lines, Stop);

        var (exit, output, errors) = await RunAsync();
        Assert.True(exit == 1, errors);
        Assert.Contains("40 created, 0 unchanged, 2 refused", output, StringComparison.Ordinal);
        var results = await File.ReadAllLinesAsync(ListFile + ".result.csv", Stop);
        Assert.Equal(Enumerable.Range(2, 42).Select(line => $"{line},"), results.Skip(1).Select(result => result[..(result.IndexOf(',', StringComparison.Ordinal) + 1)]));
        Assert.StartsWith("2,lamp-0,refused,", results[1], StringComparison.Ordinal);
        Assert.StartsWith("3,lamp-1,created,", results[2], StringComparison.Ordinal);
        Assert.StartsWith("42,lamp-pinned,created,", results[41], StringComparison.Ordinal);

        Assert.Contains("0 created, 40 unchanged, 2 refused", (await RunAsync()).Output, StringComparison.Ordinal);
        Assert.NotNull(await FindAsync("lamp-39"));
        Assert.Null(await FindAsync("lamp-bad"));
    }

    [Fact]
    public async Task Rows_are_read_as_they_are_asked_and_results_keep_their_order()
    {
        var target = new HeldTarget();
        var read = 0;
        var written = new List<long>();
        var importing = new ImportDevices(target).RunAsync(
            Rows().ToAsyncEnumerable(),
            result =>
            {
                written.Add(result.Line);
                return Task.CompletedTask;
            },
            Stop);
        await target.Asked;
        Assert.InRange(read, 1, 64);
        Assert.False(importing.IsCompleted);
        target.Release();
        var counts = await importing;
        Assert.Equal(1000, counts[ImportVerdict.Created]);
        Assert.Equal(Enumerable.Range(1, 1000).Select(line => (long)line), written);

        IEnumerable<ImportRow> Rows()
        {
            for (var line = 1; line <= 1000; line++)
            {
                read = line;
                yield return new ImportRow.OfThumbprint(line, $"lamp-{line}", X509.Thumbprint.Of([1]));
            }
        }
    }

    private async Task<Enrollment?> FindAsync(string id)
    {
        await using var database = Hosting.DatabaseOpening.OpenBeside(
            _served.Instance.Database, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, TimeProvider.System);
        Assert.True(Provisioning.RegistrationId.TryParse(id, out var parsed));
        return await new Storage.Sql.EnrollmentStore(database, TimeProvider.System).FindAsync(EnrollmentKey.Individual(parsed), Stop);
    }

    private Task<(int ExitCode, string Output, string Errors)> RunAsync() => ServerProcess.RunAsync("import", ListFile, "--data", _served.Instance.Folder);

    /// <summary>Answers the first row when it is told to, and the others at once.</summary>
    private sealed class HeldTarget : IImportTarget
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public void Release() => _released.SetResult();

        public async Task<ImportResult> EnrollAsync(ImportRow row, CancellationToken cancellationToken)
        {
            if (row.Line == 1)
            {
                await _released.Task.WaitAsync(cancellationToken);
            }

            if (row.Line == 10)
            {
                _asked.SetResult();
            }

            return new ImportResult(row.Line, row.Id, ImportVerdict.Created, string.Empty);
        }
    }
}
