using System.Runtime.Versioning;
using Dapper;
using Microsoft.Data.Sqlite;
using Perennial.Server.Backups;
using Perennial.Server.Instances;
using Perennial.Server.Tests.Instances;
using Perennial.Server.Tests.Outages;
using Perennial.TestCertificates;
using Perennial.TestPostgres;

namespace Perennial.Server.Tests.Backups;

[UnsupportedOSPlatform("windows")]
public sealed class BackupTests : IDisposable
{
    private const string Passphrase = "correct horse battery";
    private const int Rounds = 1000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-backup-");
    private readonly TestCertificate _leaf = TestAuthority.CreateSelfSignedLeaf("dev");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Backup => Path.Combine(_folder.FullName, "backup");

    private string Restored => Path.Combine(_folder.FullName, "restored");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_backup_under_load_makes_a_server_that_devices_know()
    {
        string trustBundle;
        List<int> before;
        List<string> records;
        await using (var server = ServedInstance.Open(TimeProvider.System))
        {
            await server.EnrollAsync("dev", _leaf);
            await server.StartAsync();
            trustBundle = await File.ReadAllTextAsync(server.Instance.TrustBundle, Stop);
            await using var device = await PublishingDevice.ConnectAsync(DeviceEndpoint.Of(server.Instance), "dev", _leaf);
            await device.WaitForAsync(20);
            before = [.. device.Acknowledged];
            var making = Task.Run(() => Make(server.Instance), Stop);
            await device.WaitForAsync(20);
            await making;
            records = Records(server.Instance.Database.Text);
        }

        RestoreBackup.Run(Backup, Restored, Passphrase);

        Assert.Equal(records, Records(Path.Combine(Restored, "perennial.db")));
        Assert.Empty(before.Except(Telemetry(Path.Combine(Restored, "perennial.db"))));
        await using var again = ServedInstance.OpenFolder(Restored, TimeProvider.System);
        await again.StartAsync();
        Assert.Equal(trustBundle, await File.ReadAllTextAsync(again.Instance.TrustBundle, Stop));
        await using var same = await PublishingDevice.ConnectAsync(DeviceEndpoint.Of(again.Instance), "dev", _leaf);
        await same.WaitForAsync(5);
    }

    [Fact]
    public async Task A_backup_of_PostgreSQL_restores_into_a_file()
    {
        await using var cluster = await PostgresCluster.StartAsync(isDurable: false);
        await cluster.QueryAsync("postgres", "CREATE DATABASE fleet");
        await using (var server = ServedInstance.Open(TimeProvider.System, database: cluster.ConnectionString("fleet")))
        {
            await server.EnrollAsync("dev", _leaf);
            await server.StartAsync();
            await using var device = await PublishingDevice.ConnectAsync(DeviceEndpoint.Of(server.Instance), "dev", _leaf);
            await device.WaitForAsync(5);
            Make(server.Instance);
        }

        RestoreBackup.Run(Backup, Restored, Passphrase);

        await using var again = ServedInstance.OpenFolder(Restored, TimeProvider.System);
        Assert.False(again.Instance.Database.IsPostgres);
        await again.StartAsync();
        await using var same = await PublishingDevice.ConnectAsync(DeviceEndpoint.Of(again.Instance), "dev", _leaf);
        await same.WaitForAsync(5);
    }

    [Fact]
    public async Task Neither_a_key_nor_a_name_stands_in_a_backup()
    {
        await using var server = ServedInstance.Open(TimeProvider.System);
        await server.EnrollAsync("dev", _leaf);
        Make(server.Instance);
        var text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Backup, Stop));

        Assert.All(
            new[] { server.Instance.Policies.Provisioning[0].PrimaryKey, "PRIVATE KEY", "SQLite format", server.Instance.Document.IdScope, "instance.json" },
            secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Backup));
    }

    [Fact]
    public async Task What_is_secret_is_secret_again_and_what_is_public_is_public()
    {
        await using var server = ServedInstance.Open(TimeProvider.System);
        await server.EnrollAsync("dev", _leaf);
        Make(server.Instance);
        RestoreBackup.Run(Backup, Restored, Passphrase);

        var names = Names(Restored);
        Assert.Equal(Names(server.Instance.Folder).Where(name => name is not "perennial.lock" && !name.EndsWith("-wal", StringComparison.Ordinal) && !name.EndsWith("-shm", StringComparison.Ordinal)), names);
        Assert.All(names, name => Assert.Equal(
            File.GetUnixFileMode(Path.Combine(server.Instance.Folder, name)), File.GetUnixFileMode(Path.Combine(Restored, name))));
    }

    [Theory]
    [InlineData("passphrase")]
    [InlineData("byte")]
    [InlineData("cut")]
    [InlineData("other")]
    public async Task A_backup_that_is_not_what_was_made_restores_nothing(string fault)
    {
        await using var server = ServedInstance.Open(TimeProvider.System);
        await server.EnrollAsync("dev", _leaf);
        Make(server.Instance);
        var bytes = await File.ReadAllBytesAsync(Backup, Stop);
        switch (fault)
        {
            case "byte":
                bytes[bytes.Length * 2 / 3] ^= 1;
                break;
            case "cut":
                bytes = bytes[..^(bytes.Length / 3)];
                break;
            case "other":
                bytes = "no backup"u8.ToArray();
                break;
        }

        await File.WriteAllBytesAsync(Backup, bytes, Stop);
        Assert.Throws<OperatorException>(() => RestoreBackup.Run(Backup, Restored, fault == "passphrase" ? "wrong horse battery" : Passphrase));
        Assert.Equal(["backup"], _folder.EnumerateFileSystemInfos().Select(entry => entry.Name));
    }

    [Fact]
    public async Task A_folder_with_something_in_it_is_left_alone()
    {
        await using var server = ServedInstance.Open(TimeProvider.System);
        await server.EnrollAsync("dev", _leaf);
        Make(server.Instance);
        Directory.CreateDirectory(Restored);
        await File.WriteAllTextAsync(Path.Combine(Restored, "mine"), "mine", Stop);

        Assert.Throws<OperatorException>(() => RestoreBackup.Run(Backup, Restored, Passphrase));
        Assert.Equal(["mine"], Names(Restored));
        Assert.Throws<IOException>(() => Make(server.Instance));
    }

    private void Make(Instance instance) => new MakeBackup(instance, TimeProvider.System).Run(Backup, Passphrase, Rounds, Stop);

    private static List<string> Names(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal)];

    private static List<string> Records(string file) => Query<string>(
        file,
        """
        SELECT 'e' || key || etag || document FROM enrollment UNION ALL SELECT 'r' || key || etag || document FROM registration
        UNION ALL SELECT 'd' || hub || id || document FROM device UNION ALL SELECT 'c' || hex(der) FROM enrollment_certificate ORDER BY 1
        """);

    private static List<int> Telemetry(string file) => Query<int>(file, "SELECT CAST(CAST(body AS TEXT) AS INTEGER) FROM telemetry");

    private static List<T> Query<T>(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        return connection.Query<T>(sql).AsList();
    }
}
