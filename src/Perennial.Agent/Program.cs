using Perennial.Agent.Commands;

return await CommandLine.RunAsync(args);
